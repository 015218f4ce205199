import type { ServedInterface } from '../../engine/xen/served-interface.ts';

/** The guests of a Xen host, an interface a row. */
export function GuestsView({ interfaces }: { readonly interfaces: readonly ServedInterface[] }) {
  return (
    <section class="sheet" aria-labelledby="guests-title">
      <h2 id="guests-title">Xen guests</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label="Interfaces of Xen guests">
        <table class="stack">
          <thead>
            <tr>
              <th scope="col">Interface</th>
              <th scope="col">Prefixes</th>
              <th scope="col">Gateway</th>
              <th scope="col">Filter</th>
            </tr>
          </thead>
          <tbody>
            {interfaces.map(({ what, device, prefixes, gateways, filtered, problem }) => (
              <tr key={device}>
                <th scope="row">
                  {what} <span class="dim">{device}</span>
                  {problem === null ? null : <span class="problem"> {problem}</span>}
                </th>
                <td data-label="Prefixes">
                  <Codes texts={prefixes} />
                </td>
                <td data-label="Gateway">
                  <Codes texts={gateways} />
                </td>
                <td data-label="Filter">{filtered ? <span class="mark">on</span> : 'off'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Codes({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return <>none</>;
  return (
    <>
      {texts.map((text) => (
        <div key={text}>
          <code>{text}</code>
        </div>
      ))}
    </>
  );
}
