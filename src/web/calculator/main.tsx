import { render } from 'preact';
import { prepareSkipLink } from '../page/skip-link.ts';
import { AddressSection } from './address-section.tsx';
import { followUrl } from './calculator-state.ts';
import { CarveSection } from './carve-section.tsx';
import { TranslationSection } from './translation-section.tsx';
import { UlaSection } from './ula-section.tsx';

followUrl();
const root = document.getElementById('app')!;
prepareSkipLink(root);
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
