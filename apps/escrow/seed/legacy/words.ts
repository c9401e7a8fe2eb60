/** Words of which names, titles and descriptions are made. */
export const firstNames = [
  'Sara',
  'Ali',
  'Mina',
  'Reza',
  'Lena',
  'Omid',
  'زهرا',
  'محمد',
  'علی‌رضا',
  'Jürgen',
  "O'Neill",
  'Zoë',
] as const
export const lastNames = [
  'Ahmadi',
  'Karimi',
  'Schmidt',
  'Rossi',
  'رضایی',
  'نوروزی',
  'Yılmaz',
  'Smith',
  'da Silva',
  '李',
] as const
export const things = [
  'phone',
  'laptop',
  'camera',
  'carpet',
  'saffron',
  'lens',
  'watch',
  'bicycle',
  'logo design',
  'translation',
  'کتاب',
  'گوشی 📱',
] as const
export const qualities = [
  'original',
  'used',
  'new',
  'rare',
  'large',
  'small',
  'sealed',
  'handmade',
  'اصل',
  'نو',
] as const
export const categoryNames = [
  ['Electronics', 'الکترونیک'],
  ['Phones', 'گوشی'],
  ['Computers', 'رایانه'],
  ['Books', 'کتاب'],
  ['Fashion', 'پوشاک'],
  ['Home', 'خانه'],
  ['Services', 'خدمات'],
  ['Design', 'طراحی'],
  ['Travel', 'سفر'],
  ['Food', 'خوراک'],
] as const
export const sentences = [
  'Please ship with insurance.',
  'Must come with the original box.',
  'لطفاً با بسته‌بندی مناسب ارسال شود.',
  'Colour does not matter.',
  'I need it before the end of the month.\nThank you!',
  'قیمت قابل مذاکره است 🙏',
] as const
export const streets = ['Valiasr', 'خیابان آزادی', 'Hauptstraße', 'Sheikh Zayed Road', 'İstiklal'] as const
