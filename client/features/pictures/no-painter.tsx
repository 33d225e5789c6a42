import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';

/** Where nothing can draw: what is missing, how to get it, and what goes without. */
export function NoPainter() {
  const { serves, damaged } = useStudio();
  const text = p.value;
  return (
    <div class="picture-card stack" data-testid="no-painter">
      <p>{serves ? text.noPainter : text.noServer}</p>
      {serves && (
        <>
          <p>{text.trainOne}</p>
          <pre class="commands">{text.trainCommands}</pre>
        </>
      )}
      {damaged.value.map(({ name, message }) => (
        <ErrorNote key={name} message={`${name}: ${message}`} />
      ))}
      <p>
        {text.without} <a href="#noising-title">{text.noisingTitle}</a>
      </p>
    </div>
  );
}
