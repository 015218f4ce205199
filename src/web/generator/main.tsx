import { render } from 'preact';
import { Generator } from './generator.tsx';
import { followUrl } from './place.ts';

followUrl();
const root = document.getElementById('app')!;
root.replaceChildren();
render(<Generator />, root);
