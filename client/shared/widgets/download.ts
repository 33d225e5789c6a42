/** Hands the reader a JSON file. */
export function download(name: string, text: string): void {
  saveFile(name, new Blob([text], { type: 'application/json' }));
}

/** Hands the reader a file. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content over by then.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
