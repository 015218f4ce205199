import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { describeDrawing, type Drawing } from './drawing.ts';
import { layOut, type PlacedBox, type PlacedLink } from './layout.ts';

/** The drawing as wide as there is room, and the same in words for those who do not see it. */
export function DrawingView({ drawing }: { readonly drawing: Drawing }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(320);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      setWidth(
        Math.max(
          240,
          Math.floor(element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)),
        ),
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { height, boxes, links } = layOut(drawing, width);
  const tunnels = links.filter(({ look }) => look === 'tunnel');
  const wires = links.filter(({ look }) => look !== 'tunnel');
  return (
    <figure class="drawing">
      <div ref={frame}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
          {tunnels.map((link) => (
            <path key={`${link.from} ${link.to}`} class="tunnel" d={lineOf(link)} />
          ))}
          {wires.map((link) => (
            <path key={`${link.from} ${link.to}`} class={link.look ?? 'wire'} d={lineOf(link)} />
          ))}
          {boxes.map((box) => (
            <BoxView key={box.id} box={box} />
          ))}
          {links.map(({ from, to, label, labelAt: [x, y] }) =>
            label === undefined ? null : (
              <text key={`${from} ${to}`} class="label" x={x} y={y}>
                {label}
              </text>
            ),
          )}
        </svg>
      </div>
      <figcaption>{drawing.caption}</figcaption>
      <ul class="heard">
        {describeDrawing(drawing).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </figure>
  );
}

function BoxView({ box }: { readonly box: PlacedBox }) {
  const { x, y, width, height, head, role, name, shown, look } = box;
  return (
    <g class={`box ${look ?? 'plain'}`}>
      <path d={`M${x + 9},${y}H${x + width}V${y + height - 9}L${x + width - 9},${y + height}H${x}V${y + 9}Z`} />
      <text class="tag" x={x + 14} y={y + 15}>
        {role}
      </text>
      <text class="name" x={x + 14} y={y + 30}>
        {name}
      </text>
      {shown.map((line, index) => (
        <text key={index} class="mono" x={x + 14} y={y + head + 13 + index * 17} xml:space="preserve">
          {line}
        </text>
      ))}
    </g>
  );
}

function lineOf({ points }: PlacedLink): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x},${y}`).join('');
}
