/** A file name for a guest, another one for every guest: letters, digits, ".", "_" and "-" are themselves. */
export function guestFileName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*~]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
