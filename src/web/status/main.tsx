import { render } from 'preact';
import { prepareSkipLink } from '../page/skip-link.ts';
import { followStatus } from './connection.ts';
import { StatusPage } from './status-page.tsx';

followStatus();
const root = document.getElementById('app')!;
prepareSkipLink(root);
root.replaceChildren();
render(<StatusPage />, root);
