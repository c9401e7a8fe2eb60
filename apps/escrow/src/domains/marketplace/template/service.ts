import { randomBytes } from 'node:crypto'
import type { Page, Paged } from '../../../platform/answer.ts'
import type { Actor } from '../../../platform/auth-guard.ts'
import type { Clock } from '../../../platform/clock.ts'
import { invalidInput, notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'
import { createUserReadModel, type UserSummary } from '../../user/index.ts'
import { createCategoryReadModel } from '../category/index.ts'
import { type Checkouts, createCheckouts } from './checkout.ts'
import { contentOf, type TemplateInput, type TemplateSwitch } from './input.ts'
import { isOpenAt, type RequestTemplate, type SellerOfTemplates, type TemplatePatch } from './model.ts'

export interface ShownSeller extends SellerOfTemplates {
  /** Missing where an old template names somebody who does not exist. */
  seller: UserSummary | undefined
}

export interface TemplateService extends Checkouts {
  /** Raises VALIDATION_FAILED for a category that does not exist. */
  create(seller: Actor, input: TemplateInput): Promise<RequestTemplate>
  /** Open ones are for everybody, others for their seller and administrators. Raises NOT_FOUND. */
  get(actor: Actor, id: EntityId): Promise<RequestTemplate>
  /** Raises NOT_FOUND, also for one that is closed. */
  getByLink(link: string): Promise<RequestTemplate>
  /** The seller's own, open or not. */
  listOwn(seller: Actor, page: Page): Promise<Paged<RequestTemplate>>
  /** What a seller has open, for everybody. */
  listOpen(sellerId: EntityId, page: Page): Promise<Paged<RequestTemplate>>
  /** Sellers with open templates, those with most first. */
  sellers(page: Page): Promise<Paged<ShownSeller>>
  /** Says all of it anew; link and uses stay. Raises NOT_FOUND, VALIDATION_FAILED. */
  replace(actor: Actor, id: EntityId, input: TemplateInput): Promise<RequestTemplate>
  /** Raises NOT_FOUND. */
  change(actor: Actor, id: EntityId, change: TemplateSwitch): Promise<RequestTemplate>
}

/** Templates of sellers, and the checkouts of buyers. */
export function createTemplateService(options: {
  units: Pick<Units, 'request' | 'category' | 'user'>
  clock: Clock
}): TemplateService {
  const { units, clock } = options
  const store = units.request
  const categories = createCategoryReadModel(units)
  const users = createUserReadModel(units)

  async function assertCategory(categoryId: EntityId): Promise<void> {
    if ((await categories.names([categoryId])).has(categoryId)) return
    throw invalidInput('There is no such category.', [{ path: 'body.categoryId', message: 'does not exist' }])
  }

  const update = (actor: Actor, id: EntityId, patch: TemplatePatch) =>
    store.transaction(async ({ templates }) => {
      const template = await templates.findForUpdate(id)
      if (template === null || !isOwn(actor, template)) refuseUnknown(id)
      await templates.update(id, patch, clock.now())
      return (await templates.find(id)) ?? refuseUnknown(id)
    })

  return {
    ...createCheckouts(options),

    async create(seller, input) {
      await assertCategory(input.categoryId)
      return store.transaction(async ({ templates }) => {
        const at = clock.now()
        const id = newId(at)
        const shareableLink = randomBytes(12).toString('base64url')
        await templates.insert({ ...contentOf(input), id, sellerId: seller.id, shareableLink, at })
        return (await templates.find(id)) ?? refuseUnknown(id)
      })
    },

    async get(actor, id) {
      const template = await store.read.templates.find(id)
      if (template === null || !(isOwn(actor, template) || isOpenAt(template, clock.now()))) refuseUnknown(id)
      return template
    },

    async getByLink(link) {
      const template = await store.read.templates.findByLink(link)
      if (template === null || !isOpenAt(template, clock.now())) throw notFound('template', link)
      return template
    },

    listOwn: (seller, page) => listed({ sellerId: seller.id }, page),
    listOpen: (sellerId, page) => listed({ sellerId, openAt: clock.now() }, page),

    async sellers({ page, limit }) {
      const at = clock.now()
      const { templates } = store.read
      const [found, total] = await Promise.all([
        templates.sellers(at, { limit, offset: (page - 1) * limit }),
        templates.countSellers(at),
      ])
      const people = await users.summaries(found.map(({ sellerId }) => sellerId))
      return { items: found.map((line) => ({ ...line, seller: people.get(line.sellerId) })), total }
    },

    async replace(actor, id, input) {
      await assertCategory(input.categoryId)
      return update(actor, id, contentOf(input))
    },

    change: update,
  }

  async function listed(
    filter: { sellerId: EntityId; openAt?: Date },
    { page, limit }: Page,
  ): Promise<Paged<RequestTemplate>> {
    const { templates } = store.read
    const [items, total] = await Promise.all([
      templates.list(filter, { limit, offset: (page - 1) * limit }),
      templates.count(filter),
    ])
    return { items, total }
  }
}

function isOwn(actor: Actor, template: RequestTemplate): boolean {
  return template.sellerId === actor.id || actor.role === 'admin'
}

function refuseUnknown(id: EntityId): never {
  throw notFound('template', publicId(id))
}
