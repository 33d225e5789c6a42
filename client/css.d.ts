/** Style sheets are imported for their effect; vite gathers them. */
declare module '*.css';
