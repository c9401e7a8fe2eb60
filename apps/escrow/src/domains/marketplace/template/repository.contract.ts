import { expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { parseAmount } from '../../../platform/money.ts'
import type { UnitStore } from '../../../platform/unit-store.ts'
import type { CountStatements } from '../../../testing/counted-statements.ts'
import type { RequestRepositories } from '../../../units.ts'
import type { NewTemplate } from './model.ts'

type Store = UnitStore<RequestRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-02T11:00:00.456Z')
const page = { limit: 10, offset: 0 }

export function exampleTemplate(changes: Partial<NewTemplate> = {}): NewTemplate {
  const id = newId(at)
  return {
    id,
    sellerId: newId(),
    title: 'کفش 👟',
    description: 'shoes',
    categoryId: newId(),
    productType: 'physical_product',
    productLink: null,
    size: '42',
    color: null,
    brand: null,
    quantity: 1,
    budget: { min: null, max: parseAmount('12345678901234567.000000000000000001'), currency: 'USDT' },
    urgency: 'medium',
    deliveryType: 'physical',
    deliveryNotes: 'by post',
    deliveryEmail: null,
    shareableLink: `t-${id}`,
    proposal: 'the best shoes',
    isActive: true,
    maxUsage: null,
    expiresAt: null,
    useShopDefault: false,
    specifications: [
      { key: 'sole', value: 'rubber', label: null },
      { key: 'sole', value: 'thin', label: 'really' },
    ],
    tags: ['new', 'new'],
    images: ['/uploads/a.png'],
    attachments: [],
    allowedChains: [56, 1],
    allowedTokens: ['USDT'],
    at,
    ...changes,
  }
}

/** What every implementation of `TemplateRepository` must do. */
export function templateRepositoryContract(
  fresh: () => Promise<{ store: Store; count: CountStatements }>,
): void {
  const insert = (store: Store, ...all: NewTemplate[]) =>
    store.transaction(async ({ templates }) => {
      for (const one of all) await templates.insert(one)
    })

  test('a template comes back as it was stored, lists in their order', async () => {
    const { store } = await fresh()
    const template = exampleTemplate()
    await insert(store, template)
    const { deliveryType, deliveryNotes, deliveryEmail, at: _at, ...fields } = template
    const expected = {
      ...fields,
      delivery: { type: deliveryType, notes: deliveryNotes, email: deliveryEmail },
      usageCount: 0,
      createdAt: at,
      updatedAt: at,
    }
    expect(await store.read.templates.find(template.id)).toEqual(expected)
    expect(await store.read.templates.findByLink(template.shareableLink)).toEqual(expected)
    expect(await store.read.templates.find(newId())).toBeNull()
    expect(await store.read.templates.findByLink('nowhere')).toBeNull()
  })

  test('two templates never have one link', async () => {
    const { store } = await fresh()
    const template = exampleTemplate()
    await insert(store, template)
    const twin = exampleTemplate({ shareableLink: template.shareableLink })
    await expect(insert(store, twin)).rejects.toMatchObject({ code: 'TEMPLATE_LINK_TAKEN' })
  })

  test('a patch changes what it names; null empties a field', async () => {
    const { store } = await fresh()
    const template = exampleTemplate()
    await insert(store, template)
    await store.transaction(({ templates }) =>
      templates.update(
        template.id,
        {
          title: 'boots',
          proposal: null,
          deliveryNotes: null,
          budget: { min: parseAmount('0.1'), max: null, currency: 'EUR' },
          specifications: [{ key: 'one', value: 'left', label: null }],
          allowedChains: [],
          maxUsage: 3,
        },
        later,
      ),
    )
    expect(await store.read.templates.find(template.id)).toMatchObject({
      title: 'boots',
      description: template.description,
      proposal: null,
      delivery: { type: 'physical', notes: null },
      budget: { min: '0.1', max: null, currency: 'EUR' },
      specifications: [{ key: 'one', value: 'left', label: null }],
      allowedChains: [],
      tags: template.tags,
      maxUsage: 3,
      createdAt: at,
      updatedAt: later,
    })
  })

  test('uses are counted up to the limit, however many come at once', async () => {
    const { store } = await fresh()
    const limited = exampleTemplate({ maxUsage: 2 })
    const free = exampleTemplate({ maxUsage: 0 })
    await insert(store, limited, free)
    const use = ({ id }: NewTemplate) => store.transaction(({ templates }) => templates.countUse(id, later))
    const counted = await Promise.all([use(limited), use(limited), use(limited), use(limited)])
    expect(counted.filter(Boolean)).toHaveLength(2)
    expect(await store.read.templates.find(limited.id)).toMatchObject({ usageCount: 2, updatedAt: later })
    expect([await use(free), await use(free), await use(free)]).toEqual([true, true, true])
    expect(await store.read.templates.find(free.id)).toMatchObject({ usageCount: 3 })
  })

  test('a use that is rolled back was none', async () => {
    const { store } = await fresh()
    const template = exampleTemplate({ maxUsage: 1 })
    await insert(store, template)
    const broken = store.transaction(async ({ templates }) => {
      await templates.countUse(template.id, later)
      throw new Error('the checkout failed')
    })
    await expect(broken).rejects.toThrow('the checkout failed')
    expect(await store.read.templates.find(template.id)).toMatchObject({ usageCount: 0 })
  })

  test('a seller sees all of their own, newest first; others the open ones', async () => {
    const { store } = await fresh()
    const sellerId = newId()
    const old = exampleTemplate({ sellerId, at })
    const young = exampleTemplate({ sellerId, at: later })
    const off = exampleTemplate({ sellerId, isActive: false })
    const over = exampleTemplate({ sellerId, expiresAt: at })
    const lasting = exampleTemplate({ sellerId, expiresAt: new Date('2027-01-01') })
    await insert(store, old, young, off, over, lasting, exampleTemplate())
    const { templates } = store.read
    expect(await templates.count({ sellerId })).toBe(5)
    expect((await templates.list({ sellerId }, { limit: 1, offset: 0 })).map(({ id }) => id)).toEqual([
      young.id,
    ])
    const open = await templates.list({ sellerId, openAt: later }, page)
    expect(new Set(open.map(({ id }) => id))).toEqual(new Set([old.id, young.id, lasting.id]))
    expect(await templates.count({ openAt: later })).toBe(4)
  })

  test('sellers with open templates, those with most first', async () => {
    const { store } = await fresh()
    const [one, two, none] = [newId(), newId(), newId()]
    await insert(
      store,
      exampleTemplate({ sellerId: one }),
      exampleTemplate({ sellerId: two }),
      exampleTemplate({ sellerId: two }),
      exampleTemplate({ sellerId: none, isActive: false }),
    )
    const { templates } = store.read
    expect(await templates.sellers(later, page)).toEqual([
      { sellerId: two, templates: 2 },
      { sellerId: one, templates: 1 },
    ])
    expect(await templates.sellers(later, { limit: 1, offset: 1 })).toEqual([{ sellerId: one, templates: 1 }])
    expect(await templates.countSellers(later)).toBe(2)
  })

  test('a list asks as often for many templates as for one', async () => {
    const { store, count } = await fresh()
    const sellerId = newId()
    const all = Array.from({ length: 8 }, () => exampleTemplate({ sellerId }))
    await insert(store, ...all)
    const { templates } = store.read
    const one = await count(() => templates.list({ sellerId }, { limit: 1, offset: 0 }))
    expect(await count(() => templates.list({ sellerId }, page))).toBe(one)
    expect(await count(() => templates.findMany(all.map(({ id }) => id)))).toBe(one)
    expect(await count(() => templates.count({ sellerId }))).toBe(1)
    expect(await count(() => templates.sellers(later, page))).toBe(1)
    expect(await count(() => templates.countSellers(later))).toBe(1)
  })
}
