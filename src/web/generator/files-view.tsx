import { useState } from 'preact/hooks';
import type { GeneratedFile } from '../../generate/generated-file.ts';
import { highlight } from '../files/highlight.ts';
import { formatTar } from '../files/tar.ts';
import { CopyButton } from '../page/copy-button.tsx';
import { saveFile } from '../page/save-file.ts';

/** The files in tabs, to be read, copied and saved. */
export function FilesView({ files, archive }: { readonly files: readonly GeneratedFile[]; readonly archive: string }) {
  const [chosen, setChosen] = useState('');
  const index = Math.max(
    0,
    files.findIndex(({ path }) => path === chosen),
  );
  const file = files[index];
  if (file === undefined) return null;
  const select = (to: number): void => {
    const next = files[(to + files.length) % files.length]!;
    setChosen(next.path);
    document.getElementById(tabId(next))?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key]; // prettier-ignore
    if (to === undefined) return;
    event.preventDefault();
    select(to);
  };
  const saveAll = (): void => saveFile(archive, formatTar(files, Math.floor(Date.now() / 1000)), 'application/x-tar');
  return (
    <section class="files" aria-labelledby="files-title">
      <div class="bar">
        <h2 id="files-title">Files</h2>
        <button type="button" onClick={saveAll}>
          Download all
          <small> .tar</small>
        </button>
      </div>
      <div role="tablist" aria-label="Files" onKeyDown={onKeyDown}>
        {files.map((each, at) => (
          <button
            key={each.path}
            id={tabId(each)}
            type="button"
            role="tab"
            aria-selected={at === index}
            aria-controls="file-panel"
            tabIndex={at === index ? 0 : -1}
            onClick={() => setChosen(each.path)}
          >
            {each.path.slice(each.path.lastIndexOf('/') + 1)}
          </button>
        ))}
      </div>
      <div id="file-panel" role="tabpanel" aria-labelledby={tabId(file)}>
        <div class="bar">
          <span class="path">
            <code>{file.path}</code> <span class="mode">{file.mode.toString(8).padStart(4, '0')}</span>
          </span>
          <span class="actions">
            <CopyButton text={file.text} what={file.path} />
            <button
              type="button"
              class="quiet"
              aria-label={`Download ${file.path}`}
              onClick={() => saveFile(file.path.slice(file.path.lastIndexOf('/') + 1), file.text, 'text/plain')}
            >
              Download
            </button>
          </span>
        </div>
        {/* A region that scrolls has to be reachable by keyboard. */}
        <pre tabIndex={0} aria-label={`Text of ${file.path}`} role="group">
          <code data-path={file.path}>
            {highlight(file.text).map(({ kind, text }, at) =>
              kind === 'text' ? (
                text
              ) : (
                <span key={at} class={`hl-${kind}`}>
                  {text}
                </span>
              ),
            )}
          </code>
        </pre>
      </div>
    </section>
  );
}

function tabId({ path }: GeneratedFile): string {
  return `tab-${path.replaceAll(/[^\w-]/g, '_')}`;
}
