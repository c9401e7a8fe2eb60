import type { Actor } from '../../platform/auth-guard.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { Units } from '../../units.ts'
import type { Payment } from './model.ts'

/** What other domains may know of payments. */
export interface PaymentReadModel {
  /** Ids that do not exist are missing from the answer. */
  payments(ids: EntityId[]): Promise<Map<EntityId, Payment>>
  /** Whether somebody may see this payment; false where there is none. */
  isVisibleTo(actor: Actor, id: EntityId): Promise<boolean>
}

export function createPaymentReadModel(units: Pick<Units, 'payment'>): PaymentReadModel {
  const { payments } = units.payment.read
  return {
    async payments(ids) {
      const found = await payments.findMany([...new Set(ids)])
      return new Map(found.map((payment) => [payment.id, payment]))
    },
    async isVisibleTo(actor, id) {
      const payment = await payments.find(id)
      return payment !== null && maySee(actor, payment)
    },
  }
}

/** Its buyer, its seller, and administrators. */
export function maySee(actor: Actor, payment: Payment): boolean {
  const isSeller = payment.seller?.kind === 'entity' && payment.seller.id === actor.id
  return actor.role === 'admin' || payment.buyerId === actor.id || isSeller
}
