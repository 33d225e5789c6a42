/** Texts of the glossary's page; its entries are in `shared/words`. */
export const wordsEn = {
  words: {
    documentTitle: 'Forking Paths: glossary',
    title: 'Glossary',
    lead: 'The words of this page, as the literature uses them, with units, formulas and papers. Each entry has an address of its own.',
    link: 'Glossary',
    linkHint: 'What the words mean',
    toEntry: (name: string) => `Link to “${name}”`,
    groups: {
      question: 'The question',
      plans: 'Plans',
      methods: 'What is learnt',
      drawing: 'How a plan is drawn',
      work: 'Data and experiments',
    },
  },
};
