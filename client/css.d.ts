/** Style sheets are imported for their effect; vite gathers them. */
declare module '*.css';
/** A file of a package, by its address. */
declare module '*.wasm?url' {
  const address: string;
  export default address;
}
