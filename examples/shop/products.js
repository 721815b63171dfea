/** What the shop sells. */
export const products = [
  { slug: 'coffee', name: 'Coffee beans', price: 12, icon: '☕', text: 'Roasted on Monday.' },
  { slug: 'tea', name: 'Green tea', price: 8, icon: '🍵', text: 'From the second harvest.' },
  { slug: 'honey', name: 'Honey', price: 9, icon: '🍯', text: 'From the hives behind the shop.' },
  { slug: 'bread', name: 'Rye bread', price: 5, icon: '🍞', text: 'Still warm at nine.' },
];
