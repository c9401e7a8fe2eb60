import type { Document, ObjectId } from 'bson'
import { actors } from '../actors.ts'
import { qualities, sentences, things } from '../words.ts'
import { hasTemplate, personAt, personRandom } from '../world/people.ts'
import { categoryId } from '../world/stories.ts'
import { day, idIn, notAfterNow, randomOf, type World } from '../world/world.ts'
import { amountOf, image, stamps } from './clean.ts'

/** The shop of a seller. */
export function* shopSettings(world: World, index: number): Generator<Document> {
  const person = personAt(world, index)
  if (person.role !== 'seller') return
  const random = personRandom(world, index, 'shop')
  yield {
    _id: idIn(world, 'shop', index, person.joinedAt),
    sellerId: person.id,
    name: `${random.pick(qualities)} ${random.pick(things)} ${index}`,
    description: random.chance(0.6) ? random.pick(sentences) : '',
    avatar: random.chance(0.5) ? image(random.hex(8)) : '',
    coverImage: '',
    isPublic: random.chance(0.95),
    allowSellerReviews: random.chance(0.95),
    allowTemplateReviews: random.chance(0.95),
    socialLinks: {
      facebook: '',
      instagram: random.chance(0.4) ? `shop_${index}` : '',
      linkedin: '',
      twitter: '',
    },
    paymentConfig: { allowedChains: random.pick([[1, 56], [56], [1]]), allowedTokens: ['USDC', 'USDT'] },
    ...stamps(world, person.joinedAt, person.joinedAt + 3 * day),
  }
}

/** The template of a seller, wherever it is named. */
export function templateId(world: World, index: number): ObjectId {
  return idIn(world, 'template', index, templateMoment(personAt(world, index)))
}

const templateMoment = ({ joinedAt }: { joinedAt: number }) => joinedAt + day

/** One template of every third seller. */
export function* requestTemplates(world: World, index: number): Generator<Document> {
  const person = personAt(world, index)
  if (!hasTemplate(person)) return
  const random = personRandom(world, index, 'template')
  const at = templateMoment(person)
  yield {
    _id: templateId(world, index),
    sellerId: person.id,
    title: `${random.pick(qualities)} ${random.pick(things)}`,
    description: random.pick(sentences),
    categoryId: categoryId(world, random.int(0, world.sizes.categories - 1)),
    productType: random.pick(['physical_product', 'digital_product', 'service', 'consultation']),
    quantity: 1,
    budget: { min: amountOf(100_000), max: amountOf(random.int(1, 900) * 20_000), currency: 'USDT' },
    urgency: random.pick(['low', 'medium', 'high', 'urgent']),
    deliveryInfo: { deliveryType: 'physical', notes: random.pick(sentences) },
    shareableLink: `t-${index}-${random.hex(10)}`,
    proposal: random.pick(sentences),
    isActive: random.chance(0.9),
    usageCount: random.int(0, 20),
    maxUsage: random.chance(0.5) ? 100 : null,
    ...(random.chance(0.3) ? { expiresAt: new Date(world.now + random.int(1, 90) * day) } : {}),
    paymentConfig: { useShopDefault: true },
    specifications: random.chance(0.5) ? [{ key: 'colour', value: random.pick(qualities) }] : [],
    tags: random.chance(0.6) ? [random.pick(qualities)] : [],
    images: random.chance(0.6) ? [image(random.hex(8))] : [],
    attachments: [],
    allowedChains: [1, 56],
    allowedTokens: ['USDC', 'USDT'],
    ...stamps(world, at, at + 5 * day),
  }
}

const levels = [
  { name: 'تازه‌کار', nameEn: 'Newcomer', min: 0, max: 1_000 },
  { name: 'نقره‌ای', nameEn: 'Silver', min: 1_000, max: 2_500 },
  { name: 'طلایی', nameEn: 'Gold', min: 2_500, max: 5_000 },
  { name: 'پلاتین', nameEn: 'Platinum', min: 5_000, max: 10_000 },
  { name: 'الماس', nameEn: 'Diamond', min: 10_000, max: null },
] as const

/** The levels; their upper bounds are inclusive, so neighbours touch. Behind them those that are out of use. */
export function* levelConfigs(world: World): Generator<Document> {
  const at = world.now - 800 * day
  for (let place = 0; place < levels.length + world.sizes.oldLevels; place += 1) {
    const { name, nameEn, min, max } = levels[place] ?? oldLevel(place)
    yield {
      _id: idIn(world, 'level', place, at + place * 1_000),
      level: place,
      name,
      nameEn,
      minPoints: min,
      ...(max === null ? {} : { maxPoints: max }),
      benefits: {
        discountPercent: Math.min(place * 2, 10),
        freeShipping: place > 2,
        prioritySupport: place > 1,
        specialOffers: place > 0,
      },
      icon: 'solar:medal-star-bold',
      color: '#94a3b8',
      order: place,
      isActive: place < levels.length,
      ...stamps(world, at),
    }
  }
}

const oldLevel = (place: number) => ({
  name: `سطح ${place}`,
  nameEn: `Level ${place}`,
  min: place * 100,
  max: place * 100 + 99,
})

const settings: readonly [string, unknown, string][] = [
  ['confirmation_threshold:1', 50, 'number'],
  ['confirmation_threshold:56', 200, 'number'],
  ['confirmation_threshold:97', 5, 'number'],
  ['confirmation_threshold:137', 300, 'number'],
  ['maintenance', false, 'boolean'],
  ['support_email', 'support@amn.gg', 'string'],
  ['fees', { platform: 2.5, aml: 1 }, 'object'],
]

/** The settings, and what more of them a large marketplace collected. */
export function* configSettings(world: World): Generator<Document> {
  for (let index = 0; index < settings.length + world.sizes.oldSettings; index += 1) {
    const random = randomOf(world, 'setting', index)
    const [key, value, type] = settings[index] ?? [`feature:${index}`, random.chance(0.5), 'boolean']
    const at = world.now - (700 - (index % 600)) * day + index * 1_000
    yield {
      _id: idIn(world, 'setting', index, at),
      key,
      value,
      type,
      description: random.pick(sentences),
      updatedBy: actors().admin,
      ...stamps(world, at),
    }
  }
}

/** Every change of a setting. */
export function* configSettingHistory(world: World): Generator<Document> {
  for (let index = 0; index < 10 + 3 * world.sizes.oldSettings; index += 1) {
    const random = randomOf(world, 'setting history', index)
    const [key, value] = random.pick(settings)
    const at = world.now - (600 - (index % 500)) * day + index * 1_000
    yield {
      _id: idIn(world, 'setting history', index, at),
      key,
      oldValue: typeof value === 'number' ? value + random.int(1, 9) : value,
      newValue: value,
      changedBy: actors().admin,
      reason: random.pick(sentences),
      changedAt: notAfterNow(world, at),
      ...stamps(world, at),
    }
  }
}
