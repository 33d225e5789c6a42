/** Keys and what they do. */
export function KeyTable({
  rows,
}: {
  rows: readonly (readonly [keys: readonly string[], does: string])[];
}) {
  return (
    <dl class="keys">
      {rows.map(([keys, does]) => (
        <div key={does}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
