import { render } from 'preact';
import { prepareSkipLink } from '../page/skip-link.ts';
import { Generator } from './generator.tsx';
import { followUrl } from './place.ts';

followUrl();
const root = document.getElementById('app')!;
prepareSkipLink(root);
root.replaceChildren();
render(<Generator />, root);
