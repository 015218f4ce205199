import { subprefixOf } from '../../core/carve.ts';
import { formatPrefix, parsePrefix, subnetAt, subnetCount, type Prefix } from '../../core/prefix.ts';
import type { Network, Subnet } from '../../engine/config.ts';
import type { RowsField, TextField } from '../form/field.ts';
import type { FieldProblem } from '../form/field-problem.ts';
import { FieldView } from '../form/field-view.tsx';
import { rowsOf, textOf, type Values } from '../form/values.ts';
import { inputs, setInput } from './calculator-state.ts';
import { mapSlots, type SlotMap } from './slot-map.ts';

const subnetRows: RowsField = {
  kind: 'rows',
  key: 'subnets',
  label: 'Subnets',
  help: 'In the order of their priority.',
  row: 'subnet',
  ordered: true,
  columns: [
    { key: 'name', label: 'Name', placeholder: 'lan' },
    { key: 'id', label: 'ID', placeholder: '0', narrow: true },
  ],
  format: (row) => row,
  parse: () => undefined,
  next: (rows) => {
    const ids = rows.map(({ id = '' }) => Number(id)).filter(Number.isInteger);
    return { name: `lan${rows.length + 1}`, id: String(Math.max(-1, ...ids) + 1) };
  },
};

const subprefixField: TextField = {
  kind: 'text',
  key: 'subprefix',
  label: 'Which part of it (subprefix)',
  placeholder: '0',
  help: 'Of a delegation that is larger than the network, counted from 0; the first without it.',
};

/** A delegation shared out to the subnets, drawn as a map of it. */
export function CarveSection() {
  const values = inputs.value;
  const delegated = parsePrefix(textOf(values, 'delegated'));
  const inside = parsePrefix(textOf(values, 'inside'));
  const problems: FieldProblem[] = [];
  if (!delegated.ok) problems.push({ ...delegated.problem, field: 'delegated' });
  else if (delegated.value.length > 64)
    problems.push({ field: 'delegated', message: 'a prefix longer than /64 holds no subnet' });
  const subprefix = readSubprefix(textOf(values, 'subprefix'));
  if (delegated.ok && inside.ok && problems.length === 0) {
    const { length } = inside.value;
    const fits = subprefix === undefined || subprefixOf(delegated.value, length, subprefix) !== undefined;
    const parts = subnetCount(delegated.value, length) || 1n;
    if (!fits)
      problems.push({ field: 'subprefix', message: `the delegation has parts 0 to ${parts - 1n} of /${length}` });
  }
  const network = inside.ok ? readNetwork(values, inside.value, problems) : undefined;
  const map =
    problems.length === 0 && delegated.ok && network ? mapSlots(network, delegated.value, subprefix) : undefined;
  return (
    <section aria-labelledby="carve-title" class="sheet">
      <h2 id="carve-title">A delegation shared out</h2>
      <FieldView
        field={{ kind: 'text', key: 'delegated', label: 'Delegated prefix', placeholder: '2001:db8:b:aa80::/62' }}
        values={values}
        problems={problems.filter(({ field }) => field === 'delegated')}
        onChange={setInput}
      />
      <FieldView
        field={subprefixField}
        values={values}
        problems={problems.filter(({ field }) => field === 'subprefix')}
        onChange={setInput}
      />
      <FieldView
        field={subnetRows}
        values={values}
        problems={problems.filter(({ field }) => field?.startsWith('subnets'))}
        onChange={setInput}
      />
      {map === undefined ? null : <SlotMapView map={map} />}
    </section>
  );
}

/** Undefined: the first; what is no number is no part. */
function readSubprefix(text: string): number | undefined {
  if (text === '') return undefined;
  return /^[0-9]{1,13}$/.test(text) ? Number(text) : Number.MAX_SAFE_INTEGER;
}

function readNetwork(values: Values, prefix: Prefix, problems: FieldProblem[]): Network {
  const subnets = rowsOf(values, 'subnets').flatMap(({ name = '', id = '' }, index, rows): Subnet[] => {
    const field = `subnets.${index}.id`;
    const subnet = /^[0-9]{1,15}$/.test(id) ? subnetAt(prefix, BigInt(id)) : undefined;
    if (subnet === undefined)
      problems.push({ field, message: `the subnet ID ${id} does not fit into ${formatPrefix(prefix)}` });
    else if (rows.findIndex((row) => row['id'] === id) < index)
      problems.push({ field, message: `the ID ${id} stands twice` });
    return subnet === undefined ? [] : [{ name: name || `subnet ${id}`, id: Number(id), prefix: subnet }];
  });
  return { name: 'network', prefix, subnets };
}

function SlotMapView({ map }: { readonly map: SlotMap }) {
  const { cells, perCell, subnets } = map;
  const columns = Math.min(16, cells.length);
  const size = 24;
  const rows = Math.ceil(cells.length / columns);
  const lost = subnets.filter(({ outside }) => outside === undefined).length;
  return (
    <>
      <svg
        class="slots"
        viewBox={`0 0 ${columns * size} ${rows * size}`}
        width={columns * size}
        aria-hidden="true"
        focusable="false"
      >
        {cells.map(({ first, owner, reached }, index) => (
          <g key={index} transform={`translate(${(index % columns) * size} ${Math.floor(index / columns) * size})`}>
            <rect
              x={1}
              y={1}
              width={size - 2}
              height={size - 2}
              class={owner === undefined ? (reached ? 'empty' : 'out') : subnets[owner]!.moved ? 'moved' : 'taken'}
            />
            {owner === undefined ? null : (
              <text x={size / 2} y={size / 2 + 4}>
                {owner + 1}
              </text>
            )}
            {perCell === 1n && owner === undefined && rows <= 4 ? (
              <text class="faint" x={size / 2} y={size / 2 + 4}>
                {first.toString(16)}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
      <p class="help">
        {perCell === 1n ? 'A square is one /64.' : `A square is ${perCell} subnets of /64.`}{' '}
        {lost === 0 ? 'Everybody gets a place.' : `${lost} of ${subnets.length} get nothing.`}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Who gets what">
        <table>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Subnet</th>
              <th scope="col">Inside</th>
              <th scope="col">Outside</th>
            </tr>
          </thead>
          <tbody>
            {subnets.map(({ name, inside, outside, moved }, index) => (
              <tr key={index}>
                <td>{index + 1}</td>
                <th scope="row">{name}</th>
                <td>
                  <code>{formatPrefix(inside)}</code>
                </td>
                <td>
                  {outside === undefined ? <span class="lost">nothing</span> : <code>{formatPrefix(outside)}</code>}
                  {moved ? <span class="remark">not in the place of its ID</span> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
