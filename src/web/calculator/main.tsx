import { render } from 'preact';
import { AddressSection } from './address-section.tsx';
import { followUrl } from './calculator-state.ts';
import { CarveSection } from './carve-section.tsx';
import { TranslationSection } from './translation-section.tsx';
import { UlaSection } from './ula-section.tsx';

followUrl();
const root = document.getElementById('app')!;
root.replaceChildren();
render(
  <>
    <h1>Calculator</h1>
    <div class="sheets">
      <div>
        <AddressSection />
        <UlaSection />
      </div>
      <div>
        <TranslationSection />
        <CarveSection />
      </div>
    </div>
  </>,
  root,
);
