import { type Document, Int32 } from 'bson'
import { destinationOf, destinationsOf } from '../world/plots.ts'
import type { Story } from '../world/stories.ts'
import { day, hour, idIn, notAfterNow, type World } from '../world/world.ts'
import { amountOf, optional, stamps } from './clean.ts'

const wholeTokens = 1_000_000_000_000_000_000n

/** The payment of a story, and what went out again. */
export function* payments(world: World, story: Story): Generator<Document> {
  const { payment, plot } = story
  if (payment === null || plot.payment === null) return
  const random = story.random('payment')
  const offer = story.offers[0]
  const confirmed = story.ledger.length > 0
  yield {
    _id: payment.id,
    purchaseRequestId: story.id,
    sellerOfferId: offer?.id,
    buyerId: story.buyerId,
    sellerId: offer?.sellerId,
    amount: { amount: amountOf(story.parts), currency: story.currency },
    provider: plot.destination
      ? 'amn.scanner'
      : random.pick(['request.network', 'request.network', 'shkeeper', 'escrow', 'other']),
    providerPaymentId: `pay-${story.index}-${random.hex(12)}`,
    direction: 'in',
    status: plot.payment.status,
    escrowState: plot.payment.escrowState,
    ...(confirmed ? { blockchain: blockchain(story) } : {}),
    ...(random.chance(0.4)
      ? { metadata: { amlResult: random.pick(['pass', null]), tries: random.int(1, 3) } }
      : {}),
    ...(plot.dispute === 'open' ? { disputed: true } : {}),
    ...(random.chance(0.15)
      ? {
          quote: {
            amount: amountOf(story.parts),
            currency: story.currency,
            rate: new Int32(1),
            source: 'oracle',
            quotedAt: notAfterNow(world, payment.at),
          },
        }
      : {}),
    ...(confirmed ? { confirmedAt: notAfterNow(world, payment.at + hour) } : {}),
    ...stamps(world, payment.at, payment.at + story.ledger.length * day),
  }
  yield* payout(world, story)
}

/** What went out again, where the old system wrote a payment of its own for it. */
function payout(world: World, story: Story): Document[] {
  const { payment, plot } = story
  const sent = story.ledger.find(({ kind }) => kind === 'release_confirm' || kind === 'refund_confirm')
  if (payment === null || plot.payout === null || sent === undefined) return []
  const offer = story.offers[0]
  return [
    {
      _id: idIn(world, 'payout', story.index, sent.at),
      purchaseRequestId: story.id,
      sellerOfferId: offer?.id,
      buyerId: story.buyerId,
      sellerId: offer?.sellerId,
      amount: { amount: amountOf(sent.parts), currency: story.currency },
      provider: 'escrow',
      direction: plot.payout,
      status: 'completed',
      escrowState: plot.payout === 'out' ? 'released' : 'refunded',
      blockchain: blockchain(story, 'payout'),
      ...stamps(world, sent.at),
    },
  ]
}

function blockchain(story: Story, what = 'chain'): Document {
  const random = story.random(what)
  return {
    network: 'bsc',
    chainId: 56,
    token: story.currency,
    tokenDecimals: 18,
    transactionHash: `0x${random.hex(64)}`,
    recipient: addressOf(story),
    sender: `0x${random.hex(40)}`,
    confirmations: random.int(12, 400),
    blockNumber: new Int32(random.int(30_000_000, 60_000_000)),
    ...(random.chance(0.1) ? { gasPrice: '0x12a05f200' } : {}),
  }
}

const addressOf = (story: Story) => `0x${story.random('address').hex(40)}`

/** The ledger of a story's payment: what came in, what is held, what went out. It adds up. */
export function* ledgerEntries(world: World, story: Story): Generator<Document> {
  for (const [place, entry] of story.ledger.entries()) {
    const random = story.random(`entry ${place}`)
    const onChain = entry.kind === 'payin' || entry.kind.endsWith('_confirm')
    yield {
      _id: entry.id,
      purchaseRequestId: story.id,
      paymentId: story.payment?.id,
      kind: entry.kind,
      amount: amountOf(entry.parts),
      currency: story.currency,
      idempotencyKey: `legacy:${entry.id.toHexString()}`,
      ...(onChain ? { chainId: 56, txHash: `0x${random.hex(64)}` } : {}),
      ...optional('disputeId', entry.kind.endsWith('hold') ? story.dispute?.id : null),
      createdBy: story.buyerId,
      ...stamps(world, entry.at),
    }
  }
}

/** The address that a story was paid to. */
export function* derivedDestinations(world: World, story: Story): Generator<Document> {
  const number = destinationOf(story.index)
  const offer = story.offers[0]
  if (number === null || story.payment === null || offer === undefined) return
  const random = story.random('destination')
  const swept = story.ledger.length > 2
  const amount = (BigInt(story.parts) * wholeTokens) / 10_000n
  const at = story.payment.at - hour
  yield {
    _id: idIn(world, 'destination', story.index, at),
    buyerId: story.buyerId,
    sellerId: offer.sellerId,
    sellerOfferId: offer.id,
    chainId: 56,
    address: addressOf(story),
    derivationIndex: number,
    path: `m/44'/60'/0'/0/${number}`,
    status: swept ? 'swept' : 'funded',
    lastBalance: swept ? '0' : amount.toString(),
    sweeps: swept
      ? [{ txHash: `0x${random.hex(64)}`, amount: amount.toString(), at: notAfterNow(world, at + 2 * day) }]
      : [],
    ...stamps(world, at, at + 2 * day),
  }
}

/** The one counter that the legacy system has. */
export function* counters(world: World): Generator<Document> {
  yield { _id: 'derived_destination_index', seq: new Int32(destinationsOf(world.sizes.stories)) }
}
