import { Double, Int32 } from 'bson'
import { categoryId, storyAt } from '../world/stories.ts'
import { day } from '../world/world.ts'
import { amountDirt } from './amounts.ts'
import {
  type Dirtying,
  type Dirtyings,
  drop,
  gone,
  nowhere,
  put,
  put1,
  turn,
  twin,
  where,
} from './dirtying.ts'

const isActive = ({ isActive }: { isActive?: unknown }) => isActive === true

export const categoryDirt: Dirtyings = {
  'name-twin': where(
    isActive,
    twin(['name'], (earlier) => isActive(earlier), { name: (name) => `  ${String(name).toUpperCase()} ` }),
  ),
  'name-of-inactive': (document, context) =>
    twin(['name'], () => true)(document, context) && put1('isActive', false)(document, context),
  'english-name-missing': drop('nameEn'),
  'english-name-twin': twin(['nameEn'], () => true),
  'english-name-as-number': put1('nameEn', new Int32(7)),
  'parent-gone': put('parentId', (context) => nowhere(context)),
  circle: (document, context) => {
    if (context.isLast) return false
    const own = document._id
    document.parentId = categoryId(context.world, context.index + 1)
    context.alsoNext((next) => {
      next.parentId = own
      return true
    })
    return true
  },
  'order-as-text': turn('order', (order) => String(order)),
  'order-as-double': turn('order', (order) => new Double(Number(order))),
  'order-missing': drop('order'),
  'active-as-text': where(isActive, put1('isActive', 'yes')),
}

const isList = (value: unknown) => Array.isArray(value) && value.length > 0

export const purchaseRequestDirt: Dirtyings = {
  ...amountDirt(
    'price',
    'budget.max',
    'as-text',
    'as-decimal128',
    'with-float-noise',
    'in-persian-digits',
    'with-currency',
  ),
  'status-of-the-past': put1('status', 'finalized', 'archived'),
  'price-below-zero': put1('budget.min', new Int32(-5)),
  'quantity-zero': put1('quantity', new Int32(0)),
  'quantity-as-text': turn('quantity', (quantity) => String(quantity)),
  'quantity-as-double': turn('quantity', (quantity) => new Double(Number(quantity))),
  'currency-unknown': put1('budget.currency', 'TON'),
  'category-gone': gone('categoryId'),
  'buyer-gone': gone('buyerId'),
  'selected-offer-gone': gone('selectedOfferId'),
  'selected-offer-of-another': turn('selectedOfferId', (_, { world, index }) => {
    const other = storyAt(world, (index + 7) % world.sizes.stories)
    return other.offers[0]?.id
  }),
  'offers-listed': put('offers', (context) => [nowhere(context)]),
  'tags-null': put1('tags', null),
  'tags-with-number': put('tags', () => [new Int32(7), 'new']),
  'specifications-as-text': put1('specifications', 'see description'),
  'specification-as-number': where(
    ({ specifications }) => isList(specifications),
    put('specifications.0.value', ({ random }) => new Int32(random.int(1, 512))),
  ),
  'preferred-sellers-missing': drop('preferredSellerIds'),
  'preferred-seller-by-name': put('preferredSellerIds', () => ['Ali']),
  'preferred-seller-gone': put('preferredSellerIds', (context) => [nowhere(context)]),
  'delivery-code-as-number': turn(
    'deliveryInfo.deliveryCode',
    (_, { random }) => new Int32(random.int(1_000, 99_999)),
  ),
  'delivery-code-expired': turn(
    'deliveryInfo.deliveryCodeExpiresAt',
    (_, { world }) => new Date(world.now - 500 * day),
  ),
  'delivery-null': put1('deliveryInfo', null),
  'zip-as-number': turn('deliveryInfo.address', (address) => ({
    ...Object(address),
    zipCode: new Int32(12_345),
  })),
  'title-with-nul': turn('title', (title) => `${String(title)}\u0000`),
  'urgency-unknown': put1('urgency', 'asap'),
  'history-event-in-words': put('statusHistory', () => ['paid', { to: 'payment' }]),
}

const isStanding = ({ status }: { status?: unknown }) => status === 'pending' || status === 'accepted'

export const sellerOfferDirt: Dirtyings = {
  ...amountDirt(
    'price',
    'price.amount',
    'as-text',
    'with-zero-at-the-end',
    'as-decimal128',
    'as-long',
    'with-float-noise',
    'in-persian-digits',
    'with-currency',
    'nan',
    'with-19-decimals',
  ),
  'status-active': where(({ status }) => status === 'pending', put1('status', 'active')),
  'status-unknown': put1('status', 'expired'),
  'second-standing-offer': (document, context) => {
    const same = twin(['purchaseRequestId', 'sellerId'], (earlier) => isStanding(earlier))
    return same(document, context) && put1('status', 'pending')(document, context)
  },
  'second-accepted-offer': (document, context) => {
    const same = twin(['purchaseRequestId'], ({ status }) => status === 'accepted')
    return same(document, context) && put1('status', 'accepted')(document, context)
  },
  'price-below-zero': put1('price.amount', new Int32(-1)),
  'price-null': put1('price.amount', null),
  'unit-unknown': put1('deliveryTime.unit', 'day'),
  'delivery-in-no-time': put1('deliveryTime.amount', new Int32(0)),
  'request-gone': gone('purchaseRequestId'),
  'seller-gone': gone('sellerId'),
  'attachments-null': put1('attachments', null),
  'attachments-with-documents': put('attachments', () => [{ url: '/uploads/old.pdf' }]),
  'valid-until-as-text': put('validUntil', ({ world }) => new Date(world.now).toISOString()),
  'zwnj-and-emoji': put1('title', 'می‌خرم 🙏', 'نیم‌فاصله 📦'),
  'blocks-without-check': (document) => {
    document.requireAmlCheck = false
    document.amlBlockOnFailure = true
    return true
  },
}

export const requestTemplateDirt: Dirtyings = {
  ...amountDirt('price', 'budget.max', 'as-text'),
  'usage-above-limit': (document) => {
    document.usageCount = new Int32(30)
    document.maxUsage = new Int32(25)
    return true
  },
  'no-limit-by-zero': put1('maxUsage', new Int32(0)),
  'images-null': put1('images', null),
  'category-gone': gone('categoryId'),
  'seller-gone': gone('sellerId'),
  expired: put('expiresAt', ({ world }) => new Date(world.now - 30 * day)),
}

export const shopSettingsDirt: Dirtyings = {
  'pictures-missing': drop('avatar', 'coverImage'),
  'chain-unknown': put('paymentConfig.allowedChains', () => ['bsc']),
  'chains-as-double': put('paymentConfig.allowedChains', () => [new Double(1), new Double(56)]),
  'payment-missing': drop('paymentConfig'),
  'links-null': put1('socialLinks', null),
  'seller-gone': gone('sellerId'),
}

const isOut = ({ isActive }: { isActive?: unknown }) => isActive === false

/** A level that is in use again, where an older one is. */
const levelIn = (begin: (older: number) => number): Dirtying =>
  where(isOut, (document, context) => {
    const older = context.take((each) => isActive(each) && typeof each.maxPoints === 'number')
    if (older === null) return false
    document.isActive = true
    document.minPoints = begin(older.minPoints)
    document.maxPoints = older.maxPoints
    return true
  })

export const levelConfigDirt: Dirtyings = {
  'level-overlaps': levelIn((begin) => begin + 10),
  'level-begins-alike': levelIn((begin) => begin),
  'ends-before-it-begins': where(
    isOut,
    put('maxPoints', () => new Int32(5)),
  ),
  'points-as-text': turn('minPoints', (points) => String(points)),
  'benefits-missing': drop('benefits'),
  'benefits-as-text': put1('benefits', 'all of them'),
  'order-as-double': turn('order', (order) => new Double(Number(order))),
  'active-as-text': where(isOut, put1('isActive', 'no')),
}

export const configSettingDirt: Dirtyings = {
  'value-of-another-type': put1('value', '50'),
  'type-missing': drop('type'),
}

export const configSettingHistoryDirt: Dirtyings = {
  'setting-gone': put1('key', 'removed_setting'),
  'value-of-another-type': put1('oldValue', '50'),
  'changed-by-nobody': drop('changedBy'),
}
