import { computed } from '@preact/signals';
import { language } from '../../../texts.ts';
import { useStudio } from '../studio-context.ts';
import { linksOf, PARTS } from './joined.ts';
import { joinEn } from './texts-en.ts';
import { joinZh } from './texts-zh.ts';
import './join.css';

const text = computed(() => (language.value === 'zh' ? joinZh : joinEn));

/** Pictures and the robot side by side, part by part; each cell leads to where it is at work. */
export function JoinSection() {
  const { painters } = useStudio();
  const { title, lead, columns, rows } = text.value;
  return (
    <section class="pictures-section" aria-labelledby="join-title">
      <h2 id="join-title">{title}</h2>
      <p class="lead">{lead}</p>
      <table class="picture-card join-table" data-testid="join">
        <thead>
          <tr>
            <th scope="col">{columns.what}</th>
            <th scope="col">{columns.picture}</th>
            <th scope="col">{columns.robot}</th>
          </tr>
        </thead>
        <tbody>
          {PARTS.map((part) => {
            const { picture, robot } = linksOf(part, language.value, painters.value?.length ?? 0);
            return (
              <tr key={part}>
                <th scope="row">{rows[part].name}</th>
                <td data-column={columns.picture}>
                  <a href={picture}>{rows[part].picture}</a>
                </td>
                <td data-column={columns.robot}>
                  <a href={robot}>{rows[part].robot}</a>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
