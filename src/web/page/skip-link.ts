/** The link past the head of the page moves the focus and leaves the URL alone, whose fragment means something here. */
export function prepareSkipLink(main: HTMLElement): void {
  document.querySelector('[data-skip]')?.addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
}
