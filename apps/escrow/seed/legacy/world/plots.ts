/** How far a request came: twenty ways, each as often as the others, so that counts are known beforehand. */
export interface Plot {
  status: string
  offers: number
  /** Whether the first offer was chosen. */
  chosen: boolean
  payment: { status: string; escrowState: string } | null
  /** The ledger of the payment, in order; the amounts follow from the kinds. */
  ledger: readonly string[]
  dispute: 'open' | 'refunded' | 'released' | null
  /** Whether the money that went out has a payment document of its own. */
  payout: 'out' | 'refund' | null
  /** Paid to an address of its own. */
  destination: boolean
}

const nothing: Plot = {
  status: 'pending',
  offers: 0,
  chosen: false,
  payment: null,
  ledger: [],
  dispute: null,
  payout: null,
  destination: false,
}
const funded: Plot = {
  ...nothing,
  offers: 1,
  chosen: true,
  payment: { status: 'confirmed', escrowState: 'funded' },
  ledger: ['payin'],
}
const released = { status: 'completed', escrowState: 'released' }
const paidOut = ['payin', 'platform_fee', 'release_init', 'release_confirm']

export const plots: readonly Plot[] = [
  nothing,
  { ...nothing, status: 'received_offers', offers: 2 },
  { ...nothing, status: 'in_negotiation', offers: 3, payment: { status: 'failed', escrowState: 'failed' } },
  { ...funded, status: 'payment', offers: 2, destination: true },
  { ...funded, status: 'processing' },
  { ...funded, status: 'delivery', offers: 2, destination: true },
  { ...funded, status: 'delivered', payment: { status: 'confirmed', escrowState: 'releasable' } },
  { ...funded, status: 'confirming', payment: { status: 'confirmed', escrowState: 'releasable' } },
  {
    ...funded,
    status: 'completed',
    offers: 3,
    payment: { status: 'confirmed', escrowState: 'releasing' },
    ledger: paidOut.slice(0, 3),
    destination: true,
  },
  { ...nothing, status: 'pending_payment' },
  { ...funded, status: 'seller_paid', payment: released, ledger: paidOut, destination: true },
  { ...funded, status: 'seller_paid', offers: 2, payment: released, ledger: paidOut, payout: 'out' },
  { ...nothing, status: 'cancelled' },
  { ...nothing, status: 'cancelled', offers: 1, payment: { status: 'expired', escrowState: 'cancelled' } },
  { ...funded, status: 'delivery', offers: 2, ledger: ['payin', 'hold'], dispute: 'open', destination: true },
  {
    ...funded,
    status: 'cancelled',
    payment: { status: 'refunded', escrowState: 'refunded' },
    ledger: ['payin', 'hold', 'unhold', 'refund_init', 'refund_confirm'],
    dispute: 'refunded',
    payout: 'refund',
  },
  {
    ...funded,
    status: 'seller_paid',
    payment: released,
    ledger: ['payin', 'hold', 'unhold', 'platform_fee', 'release_init', 'release_confirm'],
    dispute: 'released',
    destination: true,
  },
  { ...nothing, status: 'received_offers', offers: 1, payment: { status: 'pending', escrowState: 'none' } },
  { ...nothing, status: 'active' },
  { ...funded, status: 'seller_paid', offers: 3, payment: released, ledger: paidOut, destination: true },
]

const withDestination = plots.flatMap((plot, place) => (plot.destination ? [place] : []))

export function plotOf(story: number): Plot {
  return plots[story % plots.length] ?? nothing
}

/** The number of a story's own address, from 1 on; null where it has none. */
export function destinationOf(story: number): number | null {
  const rank = withDestination.indexOf(story % plots.length)
  return rank < 0 ? null : Math.floor(story / plots.length) * withDestination.length + rank + 1
}

/** The highest number that the stories use. */
export function destinationsOf(stories: number): number {
  for (let story = stories - 1; story >= 0; story -= 1) {
    const found = destinationOf(story)
    if (found !== null) return found
  }
  return 0
}
