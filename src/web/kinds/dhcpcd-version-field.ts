import type { TextField } from '../form/field.ts';

/** `sixgate generate` asks the dhcpcd that is installed; a page has to be told. */
export const dhcpcdVersionField: TextField = {
  kind: 'text',
  key: 'dhcpcdVersion',
  label: 'Version of dhcpcd on that host',
  help: 'As "dhcpcd --version" says: 9.4.1 in Debian 12, 10.1.0 in Debian 13.',
  placeholder: '10.1.0',
  suggestions: [
    { value: '9.4.1', label: 'Debian 12' },
    { value: '10.0.6', label: 'Ubuntu 24.04' },
    { value: '10.1.0', label: 'Debian 13' },
  ],
};
