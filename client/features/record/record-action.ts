/** What keys and buttons of a gamepad do besides moving the hand. */
export type RecordAction =
  | 'redo'
  | 'save'
  | 'save-failed'
  | 'discard'
  | 'undo'
  | 'enter'
  | 'grip'
  | 'go-on';
