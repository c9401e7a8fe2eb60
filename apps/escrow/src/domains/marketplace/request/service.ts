import type { Paged } from '../../../platform/answer.ts'
import type { Actor } from '../../../platform/auth-guard.ts'
import { after, type Clock, HOUR } from '../../../platform/clock.ts'
import { forbidden, invalidInput, notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { CodeHasher } from '../../../platform/secret-code.ts'
import type { RequestRepositories, Units } from '../../../units.ts'
import { createUserReadModel } from '../../user/index.ts'
import { createCategoryReadModel } from '../category/index.ts'
import { createDeliveryCodes, type DeliveryCodes } from './delivery-code.ts'
import { cancelRequest, completeRequest } from './endings.ts'
import { reasonMissing } from './errors.ts'
import type { NewRequestInput, Override, RequestListQuery, Shipment } from './input.ts'
import type { PurchaseRequest, PurchaseRequestSummary, RequestFilter } from './model.ts'
import { moveRequest } from './move.ts'
import { emitDelivered } from './sent-effects.ts'
import { maySee, sellerOf } from './visibility.ts'

export interface RequestServiceOptions {
  units: Pick<Units, 'request' | 'category' | 'user'>
  clock: Clock
  codes: CodeHasher
  inspectionHours: number
  deliveryCodeDays: number
}

export interface RequestService extends DeliveryCodes {
  /** Raises VALIDATION_FAILED for a category or preferred seller that does not exist. */
  create(buyer: Actor, input: NewRequestInput): Promise<PurchaseRequest>
  /** Raises NOT_FOUND, also for what the actor may not see. */
  get(actor: Actor, id: EntityId): Promise<PurchaseRequest>
  /** Sellers see where to deliver once their offer was taken. */
  maySeeAddress(actor: Actor, request: PurchaseRequest): Promise<boolean>
  /** Raises FORBIDDEN for another seller's view. */
  list(actor: Actor, query: RequestListQuery): Promise<Paged<PurchaseRequestSummary>>
  /**
   * Ends the request and rejects its offers with it. For an administrator it is an override. Raises NOT_FOUND,
   * VALIDATION_FAILED, REQUEST_MOVE_REFUSED.
   */
  cancel(actor: Actor, id: EntityId, reason?: string): Promise<PurchaseRequest>
  /**
   * An administrator sets the request's status where its usual movers do not, and says why; with money in it nobody
   * does. Raises NOT_FOUND, REQUEST_MOVE_REFUSED.
   */
  override(admin: Actor, id: EntityId, override: Override): Promise<PurchaseRequest>
  /** The selected seller sends the goods off. Raises NOT_FOUND, FORBIDDEN, REQUEST_MOVE_REFUSED. */
  ship(actor: Actor, id: EntityId, shipment: Shipment): Promise<PurchaseRequest>
  /** The buyer has the goods, without a code. Raises NOT_FOUND, REQUEST_MOVE_REFUSED. */
  confirmDelivery(actor: Actor, id: EntityId): Promise<PurchaseRequest>
  /** The buyer is content: points are earned. Raises NOT_FOUND, REQUEST_MOVE_REFUSED. */
  complete(actor: Actor, id: EntityId): Promise<PurchaseRequest>
}

/** Purchase requests from their creation to their end. */
export function createRequestService(options: RequestServiceOptions): RequestService {
  const { units, clock } = options
  const store = units.request
  const categories = createCategoryReadModel(units)
  const users = createUserReadModel(units)

  async function assertKnown({ categoryId, preferredSellerIds }: NewRequestInput): Promise<void> {
    const category = (await categories.names([categoryId])).get(categoryId)
    if (category === undefined) {
      throw invalidInput('There is no such category.', [
        { path: 'body.categoryId', message: 'does not exist' },
      ])
    }
    const known = await users.summaries(preferredSellerIds)
    const index = preferredSellerIds.findIndex((id) => !known.has(id))
    if (index < 0) return
    const path = `body.preferredSellerIds.${index}`
    throw invalidInput('A preferred seller does not exist.', [{ path, message: 'does not exist' }])
  }
  const inspectionEnd = (from: Date) => after(from, options.inspectionHours * HOUR)

  return {
    ...createDeliveryCodes({ ...options, inspectionEnd }),

    async create(buyer, input) {
      await assertKnown(input)
      return store.transaction(async ({ requests }) => {
        const at = clock.now()
        const id = newId(at)
        const { deliveryInfo, ...fields } = input
        await requests.insert({
          ...fields,
          id,
          buyerId: buyer.id,
          status: 'pending',
          deliveryType: deliveryInfo.deliveryType,
          deliveryAddress: deliveryInfo.address,
          deliveryEmail: deliveryInfo.email,
          at,
        })
        await requests.appendStatusChange(id, { from: null, to: 'pending', by: buyer.id, reason: null, at })
        return (await requests.find(id)) ?? refuseUnknown(id)
      })
    },

    async get(actor, id) {
      const request = await store.read.requests.find(id)
      if (request === null || !(await maySee(store.read, actor, request))) refuseUnknown(id)
      return request
    },

    async maySeeAddress(actor, request) {
      if (request.buyerId === actor.id || actor.role === 'admin' || actor.role === 'resolver') return true
      return (await sellerOf(store.read, request)) === actor.id
    },

    async list(actor, { page, limit, ...query }) {
      const filter = filterFor(actor, query)
      const [items, total] = await Promise.all([
        store.read.requests.list(filter, { limit, offset: (page - 1) * limit }),
        store.read.requests.count(filter),
      ])
      return { items, total }
    },

    cancel: (actor, id, reason) =>
      store.transaction(async (repositories) => {
        const request = await ownForUpdate(repositories, actor, id)
        const as = request.buyerId === actor.id ? 'buyer' : 'override'
        if (as === 'override' && !reason) throw reasonMissing()
        return cancelRequest(repositories, request, { as, by: actor.id, reason, at: clock.now() })
      }),

    override: (admin, id, { status, reason }) =>
      store.transaction(async (repositories) => {
        const request = (await repositories.requests.findForUpdate(id)) ?? refuseUnknown(id)
        const move = { as: 'override', by: admin.id, reason, at: clock.now() } as const
        return status === 'cancelled'
          ? cancelRequest(repositories, request, move)
          : moveRequest(repositories, request, { to: status, ...move })
      }),

    ship: (actor, id, shipment) =>
      store.transaction(async (repositories) => {
        const request = (await repositories.requests.findForUpdate(id)) ?? refuseUnknown(id)
        await assertSelectedSeller(repositories, actor, request)
        const at = clock.now()
        const shipped = await moveRequest(repositories, request, {
          to: 'delivery',
          as: 'seller',
          by: actor.id,
          at,
          patch: { shippedAt: at },
        })
        const { carrier, trackingNumber, note } = shipment
        const description = [carrier, trackingNumber, note].filter(Boolean).join(' · ')
        const event = { status: 'shipped', description: description || null, location: null, at }
        await repositories.requests.appendTrackingEvent(id, event)
        return { ...shipped, shippedAt: at, trackingEvents: [...shipped.trackingEvents, event] }
      }),

    confirmDelivery: (actor, id) =>
      store.transaction(async (repositories) => {
        const request = await ownForUpdate(repositories, actor, id)
        const at = clock.now()
        const delivered = await moveRequest(repositories, request, {
          to: 'delivered',
          as: actor.role === 'admin' ? 'admin' : 'buyer',
          by: actor.id,
          at,
          patch: { inspectionEndsAt: inspectionEnd(at) },
        })
        await emitDelivered(repositories, id, at)
        return delivered
      }),

    complete: (actor, id) =>
      store.transaction(async (repositories) => {
        const at = clock.now()
        let request = await ownForUpdate(repositories, actor, id)
        // An administrator does not speak for the buyer here: this opens the way to the money.
        if (request.buyerId !== actor.id) throw forbidden('Only the buyer can complete a request.')
        if (request.status === 'delivered') {
          request = await moveRequest(repositories, request, { to: 'confirming', as: 'system', by: null, at })
        }
        return completeRequest(repositories, request, { as: 'buyer', by: actor.id, at })
      }),
  }
}

/** The request, held, if it is the actor's own or the actor is an administrator. */
async function ownForUpdate(
  { requests }: RequestRepositories,
  actor: Actor,
  id: EntityId,
): Promise<PurchaseRequest> {
  const request = await requests.findForUpdate(id)
  if (request === null || (request.buyerId !== actor.id && actor.role !== 'admin')) refuseUnknown(id)
  return request
}

async function assertSelectedSeller(
  repositories: RequestRepositories,
  actor: Actor,
  request: PurchaseRequest,
): Promise<void> {
  if ((await sellerOf(repositories, request)) !== actor.id) {
    throw forbidden('Only the seller whose offer was taken can do this.')
  }
}

function filterFor(
  actor: Actor,
  { sellerId, status }: Pick<RequestListQuery, 'sellerId' | 'status'>,
): RequestFilter {
  if (sellerId !== undefined) {
    if (sellerId !== actor.id && actor.role !== 'admin')
      throw forbidden('This is the view of another seller.')
    return { visibleToSeller: sellerId, status }
  }
  return actor.role === 'admin' ? { status } : { buyerId: actor.id, status }
}

function refuseUnknown(id: EntityId): never {
  throw notFound('purchase request', publicId(id))
}
