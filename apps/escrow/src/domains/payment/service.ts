import type { Paged } from '../../platform/answer.ts'
import type { Actor } from '../../platform/auth-guard.ts'
import type { Clock } from '../../platform/clock.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { referenceOf } from '../../platform/reference.ts'
import type { Units } from '../../units.ts'
import type { SettingsReadModel } from '../admin/index.ts'
import { createRequestReadModel } from '../marketplace/request/index.ts'
import type { PaymentListQuery } from './input.ts'
import { createIntents, type Intents } from './intents.ts'
import type { Payment, PaymentFilter, Volume } from './model.ts'
import { createPayins, type Payins } from './payin.ts'
import { createPayouts, type Payouts } from './payouts.ts'
import { maySee } from './read-model.ts'

export interface PaymentServiceOptions {
  units: Pick<Units, 'payment' | 'request'>
  clock: Clock
  webhookSecretKey: string
  platformFeeBps: number
  paymentIntentMinutes: number
  settings: Pick<SettingsReadModel, 'confirmationThreshold'>
}

export interface PaymentService extends Intents, Payins, Payouts {
  /** Buyer, seller and administrators. Raises NOT_FOUND. */
  get(actor: Actor, id: EntityId): Promise<Payment>
  /** Buyers their own, sellers those for them, administrators all. */
  list(actor: Actor, query: PaymentListQuery): Promise<Paged<Payment>>
  /** Count and exact volume by status and currency. */
  statistics(actor: Actor): Promise<Volume[]>
}

/** Payments: intents, what comes in, what goes out. */
export function createPaymentService(options: PaymentServiceOptions): PaymentService {
  const { read } = options.units.payment
  return {
    ...createIntents({ ...options, requests: createRequestReadModel(options.units) }),
    ...createPayins(options),
    ...createPayouts(options),

    async get(actor, id) {
      const payment = await read.payments.find(id)
      if (payment === null || !maySee(actor, payment)) throw notFound('payment', publicId(id))
      return payment
    },

    async list(actor, { page, limit, purchaseRequestId, ...words }) {
      const filter: PaymentFilter = {
        ...ofActor(actor),
        ...words,
        ...(purchaseRequestId === undefined ? {} : { purchaseRequest: referenceOf(purchaseRequestId) }),
      }
      const [items, total] = await Promise.all([
        read.payments.list(filter, { limit, offset: (page - 1) * limit }),
        read.payments.count(filter),
      ])
      return { items, total }
    },

    statistics: (actor) => read.payments.volumes(ofActor(actor)),
  }
}

function ofActor({ id, role }: Actor): PaymentFilter {
  if (role === 'admin') return {}
  return role === 'seller' ? { sellerId: id } : { buyerId: id }
}
