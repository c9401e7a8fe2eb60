import { type Document, Double, Int32, Long, type ObjectId } from 'bson'
import { amount, oddities, stamps } from './dirt.ts'
import type { Random } from './random.ts'

export interface MoneyContext {
  buyers: readonly ObjectId[]
  sellers: readonly ObjectId[]
  requests: readonly ObjectId[]
  offers: readonly ObjectId[]
}

/** Payments of four years and five providers: references of every kind, hashes that repeat, simulated ones. */
export function payment(random: Random, context: MoneyContext): Document {
  const at = random.date()
  return {
    _id: random.objectId(at),
    purchaseRequestId: reference(random, context.requests, at),
    sellerOfferId: reference(random, context.offers, at),
    buyerId: random.pick(context.buyers),
    sellerId: random.chance(0.95)
      ? random.pick(context.sellers)
      : random.pick<unknown>(['system', 'webhook:shkeeper']),
    amount: { amount: amount(random), currency: random.pick(['USDT', 'USDT', 'USDC', 'TON']) },
    provider: random.chance(0.95)
      ? random.pick(['request.network', 'amn.scanner', 'shkeeper', 'escrow', 'other'])
      : random.pick(['request-network', 'test', 'decentralized']),
    direction: random.pick(['in', 'in', 'in', 'out', 'refund']),
    status: random.pick([
      'processing',
      'confirmed',
      'confirmed',
      'completed',
      'failed',
      'cancelled',
      'expired',
      'refunded',
    ]),
    escrowState: random.pick(['none', 'funded', 'releasable', 'released', 'refunded', 'partial']),
    blockchain: blockchain(random),
    metadata: metadata(random),
    ...(random.chance(0.2) ? { disputed: random.chance(0.2) } : {}),
    ...(random.chance(0.1)
      ? {
          quote: {
            amount: new Double(10.5),
            currency: 'USDT',
            rate: new Int32(1),
            source: 'oracle',
            quotedAt: at,
          },
        }
      : {}),
    ...stamps(random, at),
    ...oddities(random),
  }
}

/** An entity as ObjectId or as text, a template, somebody else's UUID, or 24 hex digits that exist nowhere. */
function reference(random: Random, targets: readonly ObjectId[], at: Date): unknown {
  const kind = random.int(1, 100)
  if (kind <= 80) return random.pick(targets)
  if (kind <= 88) return random.pick(targets).toHexString()
  if (kind <= 93) return `template-checkout-${random.hex(10)}`
  if (kind <= 96)
    return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`
  if (kind <= 99) return random.objectId(at)
  return 'system'
}

function blockchain(random: Random): Document {
  return {
    network: random.pick(['bsc', 'ethereum', 'tron']),
    chainId: random.pick([56, 1, 97]),
    transactionHash: random.chance(0.05) ? `SIM_${random.int(1, 9)}` : `0x${random.hex(64)}`,
    sender: `0x${random.hex(40)}`,
    ...(random.chance(0.8) ? { confirmations: random.int(0, 400) } : {}),
    ...(random.chance(0.5) ? { blockNumber: Long.fromNumber(random.int(30_000_000, 60_000_000)) } : {}),
    ...(random.chance(0.1) ? { gasPrice: '0x12a05f200' } : {}),
  }
}

function metadata(random: Random): unknown {
  if (random.chance(0.5)) return undefined
  return {
    amlResult: random.pick<unknown>(['pass', null, { risk: new Double(0.1), source: 'chainalysis' }]),
    'key.with.dots': random.int(1, 9),
    tries: random.pick<unknown>([Long.fromNumber(3), new Double(1), 2]),
  }
}

/** Ledger entries of old payments; keys of the first year are missing. */
export function ledgerEntry(
  random: Random,
  context: MoneyContext & { payments: readonly ObjectId[] },
): Document {
  const at = random.date()
  const id = random.objectId(at)
  return {
    _id: id,
    purchaseRequestId: reference(random, context.requests, at),
    paymentId: random.chance(0.97) ? random.pick(context.payments) : `legacy-${random.hex(6)}`,
    kind: random.pick([
      'payin',
      'payin',
      'release_init',
      'release_confirm',
      'refund_init',
      'platform_fee',
      'gas',
    ]),
    amount: random.chance(0.9) ? new Double(random.int(1, 90_000) / 100) : amount(random),
    currency: random.pick(['USDT', 'USDC']),
    idempotencyKey: `legacy:${id.toHexString()}`,
    ...(random.chance(0.5) ? { chainId: 56, txHash: `0x${random.hex(64)}` } : {}),
    createdBy: random.pick<unknown>([
      'system',
      random.pick(context.buyers),
      random.pick(context.buyers).toHexString(),
    ]),
    ...stamps(random, at),
    ...oddities(random),
  }
}
