import { chainConfirmations, thresholdKey } from '../src/domains/admin/index.ts'
import { defaultThresholds } from '../src/domains/points/level/index.ts'

export interface SeedCategory {
  name: string
  nameEn: string
  icon: string
  children?: readonly Pick<SeedCategory, 'name' | 'nameEn'>[]
}

/** What a new marketplace sells. Administrators make their own from there. */
export const categories: readonly SeedCategory[] = [
  {
    name: 'کالای دیجیتال',
    nameEn: 'Electronics',
    icon: 'solar:smartphone-bold',
    children: [
      { name: 'موبایل و تبلت', nameEn: 'Phones and tablets' },
      { name: 'رایانه و لوازم جانبی', nameEn: 'Computers and accessories' },
      { name: 'صوتی و تصویری', nameEn: 'Audio and video' },
    ],
  },
  {
    name: 'مد و پوشاک',
    nameEn: 'Fashion',
    icon: 'solar:t-shirt-bold',
    children: [
      { name: 'پوشاک زنانه', nameEn: 'Women' },
      { name: 'پوشاک مردانه', nameEn: 'Men' },
      { name: 'کیف و کفش', nameEn: 'Bags and shoes' },
    ],
  },
  { name: 'خانه و آشپزخانه', nameEn: 'Home and kitchen', icon: 'solar:home-bold' },
  { name: 'زیبایی و سلامت', nameEn: 'Beauty and health', icon: 'solar:heart-bold' },
  { name: 'کتاب و هنر', nameEn: 'Books and art', icon: 'solar:book-bold' },
  {
    name: 'محصولات دیجیتال',
    nameEn: 'Digital goods',
    icon: 'solar:download-bold',
    children: [
      { name: 'نرم‌افزار و اشتراک', nameEn: 'Software and subscriptions' },
      { name: 'بازی', nameEn: 'Games' },
    ],
  },
  { name: 'خدمات', nameEn: 'Services', icon: 'solar:hand-shake-bold' },
  { name: 'مشاوره', nameEn: 'Consulting', icon: 'solar:chat-round-bold' },
]

const names = [
  ['تازه‌کار', 'Newcomer', 0, '#94a3b8'],
  ['نقره‌ای', 'Silver', 2, '#a8b3c2'],
  ['طلایی', 'Gold', 4, '#eab308'],
  ['پلاتین', 'Platinum', 6, '#64748b'],
  ['الماس', 'Diamond', 10, '#38bdf8'],
] as const

/** The levels, each up to where the next one begins. */
export const levels = names.map(([name, nameEn, discountPercent, color], place) => ({
  level: place + 1,
  name,
  nameEn,
  minPoints: defaultThresholds[place] ?? 0,
  maxPoints: defaultThresholds[place + 1] ?? null,
  benefits: {
    discountPercent,
    freeShipping: place >= 3,
    prioritySupport: place >= 2,
    specialOffers: place >= 1,
  },
  icon: 'solar:medal-star-bold',
  color,
  order: place + 1,
}))

/** The settings, with the values that hold where nobody has changed them. */
export const settings = chainConfirmations.map(({ chain, name, floor }) => ({
  key: thresholdKey(chain),
  value: floor,
  type: 'number',
  description: `Confirmations after which a transfer on ${name} is credited; never below ${floor}`,
}))
