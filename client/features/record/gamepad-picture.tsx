import { useApp } from '../../app.ts';
import { t } from '../../texts.ts';
import type { PadPart, PadSeen } from './gamepad.ts';

/** In the order in which a person reads what they do. */
const PARTS: readonly (readonly [part: PadPart, name: string])[] = [
  ['stick', 'LS'],
  ['arrows', 'D-pad'],
  ['down', 'LT'],
  ['up', 'RT'],
  ['slow', 'RB'],
  ['grip', 'A'],
  ['redo', 'B'],
  ['undo', 'View'],
  ['enter', 'Menu'],
];
const AT_REST: PadSeen = { stick: [0, 0], held: [] };
/** How far the picture of the stick goes, of its own units. */
const STICK_TRAVEL = 9;

/** A gamepad in the standard mapping: what lies where, what it does, and what is held down now. */
export function GamepadPicture() {
  const { recording } = useApp();
  const text = t.value.gamepad;
  const { stick, held } = recording.pad.value ?? AT_REST;
  const lit = (part: PadPart) => `pad-part ${held.includes(part) ? 'lit' : ''}`;
  const [x, y] = stick;
  return (
    <figure class="gamepad" data-testid="gamepad" data-held={held.join(' ')}>
      <svg viewBox="0 0 220 124" role="img" aria-label={text.title}>
        <path
          class="gamepad-body"
          d="M52 26h116c26 0 40 34 44 68 2 20-16 28-28 14l-22-26H58l-22 26C24 122 6 114 8 94c4-34 18-68 44-68z"
        />
        <rect class={lit('down')} x="40" y="4" width="42" height="15" rx="6" />
        <rect class={lit('up')} x="138" y="4" width="42" height="15" rx="6" />
        <rect class={lit('slow')} x="132" y="21" width="54" height="8" rx="4" />
        <rect class="pad-part unused" x="34" y="21" width="54" height="8" rx="4" />
        <circle class="gamepad-well" cx="60" cy="54" r="18" />
        <circle
          class={lit('stick')}
          cx={60 + STICK_TRAVEL * x}
          cy={54 + STICK_TRAVEL * y}
          r="11"
          data-testid="gamepad-stick"
        />
        <circle class="gamepad-well" cx="134" cy="72" r="14" />
        <path class={lit('arrows')} d="M81 60h8v8h8v8h-8v8h-8v-8h-8v-8h8z" />
        <circle class={lit('enter')} cx="121" cy="46" r="6" />
        <circle class={lit('undo')} cx="99" cy="46" r="6" />
        <circle class={lit('grip')} cx="166" cy="67" r="8" />
        <circle class={lit('redo')} cx="181" cy="52" r="8" />
        <circle class="pad-part unused" cx="151" cy="52" r="8" />
        <circle class="pad-part unused" cx="166" cy="37" r="8" />
        <g class="gamepad-letters">
          <text class={held.includes('down') ? 'lit' : ''} x="61" y="15">
            LT
          </text>
          <text class={held.includes('up') ? 'lit' : ''} x="159" y="15">
            RT
          </text>
          <text class={held.includes('grip') ? 'lit' : ''} x="166" y="71">
            A
          </text>
          <text class={held.includes('redo') ? 'lit' : ''} x="181" y="56">
            B
          </text>
        </g>
      </svg>
      <dl class="gamepad-parts">
        {PARTS.map(([part, name]) => (
          <div key={part} class={held.includes(part) ? 'lit' : ''}>
            <dt>{name}</dt>
            <dd>{text.parts[part]}</dd>
          </div>
        ))}
      </dl>
    </figure>
  );
}
