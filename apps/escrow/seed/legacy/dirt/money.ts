import { Double, Int32 } from 'bson'
import { amountDirt } from './amounts.ts'
import {
  asHex,
  type Dirtyings,
  drop,
  foreignUuid,
  gone,
  mixedCase,
  put,
  put1,
  templateCheckout,
  turn,
  twin,
  where,
} from './dirtying.ts'

export const paymentDirt: Dirtyings = {
  ...amountDirt(
    'amount',
    'amount.amount',
    'as-text',
    'with-zero-at-the-end',
    'as-decimal128',
    'as-double',
    'as-long',
    'with-float-noise',
    'with-currency',
    'nan',
    'with-19-decimals',
  ),
  'request-as-text': asHex('purchaseRequestId'),
  'offer-as-text': asHex('sellerOfferId'),
  'request-of-template': put('purchaseRequestId', templateCheckout),
  'request-of-another-system': put('purchaseRequestId', foreignUuid),
  'seller-is-the-system': put1('sellerId', 'system'),
  'seller-is-a-webhook': put1('sellerId', 'webhook:shkeeper'),
  'request-gone': gone('purchaseRequestId'),
  'offer-gone': gone('sellerOfferId'),
  'buyer-gone': gone('buyerId'),
  'status-of-the-past': put1('status', 'archived'),
  'status-as-number': put1('status', new Int32(5)),
  'provider-of-the-past': put1('provider', 'request-network', 'test', 'decentralized'),
  'escrow-state-of-the-past': put1('escrowState', 'locked'),
  'amount-as-bare-number': put1('amount', new Int32(7)),
  'hash-simulated': turn('blockchain.transactionHash', (_, { random }) => `SIM_${random.int(1, 9)}`),
  'hash-repeated': (document, context) => {
    const earlier = context.take(({ blockchain }) => typeof blockchain?.transactionHash === 'string')
    return (
      earlier !== null &&
      turn('blockchain.transactionHash', () => earlier.blockchain.transactionHash)(document, context)
    )
  },
  'confirmations-as-text': turn('blockchain.confirmations', (count) => String(count)),
  'confirmations-missing': drop('blockchain.confirmations'),
  'recipient-mixed-case': turn('blockchain.recipient', mixedCase),
  'blockchain-as-list': put('blockchain', () => []),
  'metadata-keys-with-dots': put('metadata', () => ({ 'key.with.dots': 1, risk: new Double(0.1) })),
  'quote-as-text': put1('quote', 'none'),
  'quote-with-note': put('quote.note', () => 'agreed by telephone'),
  'disputed-as-text': put1('disputed', 'yes'),
  'confirmed-in-words': put1('confirmedAt', 'last week'),
  'second-open-payin': (document, context) => {
    const same = twin(
      ['buyerId', 'purchaseRequestId', 'sellerOfferId', 'direction'],
      ({ status, direction }) => status === 'pending' && direction === 'in',
    )
    return same(document, context) && put1('status', 'pending')(document, context)
  },
  'provider-payment-twice': twin(
    ['provider', 'providerPaymentId'],
    ({ providerPaymentId }) => typeof providerPaymentId === 'string',
  ),
}

export const ledgerEntryDirt: Dirtyings = {
  ...amountDirt('amount', 'amount', 'as-text', 'as-decimal128', 'with-float-noise', 'nan'),
  'request-as-text': asHex('purchaseRequestId'),
  'payment-as-text': asHex('paymentId'),
  'payment-of-the-past': put('paymentId', ({ random }) => `legacy-${random.hex(6)}`),
  'request-of-another-system': put('purchaseRequestId', foreignUuid),
  'payment-gone': gone('paymentId'),
  'request-gone': gone('purchaseRequestId'),
  'key-missing': drop('idempotencyKey'),
  'amount-zero': put1('amount', new Int32(0)),
  'amount-below-zero': turn('amount', (amount) => new Double(-Number(String(amount)))),
  'kind-of-the-past': put1('kind', 'deposit'),
  'created-by-the-system': put1('createdBy', 'system'),
  'created-by-as-text': asHex('createdBy'),
}

export const derivedDestinationDirt: Dirtyings = {
  'sweep-total-wrong': turn('sweeps', (sweeps) =>
    Array.isArray(sweeps) && sweeps.length > 0 ? [...sweeps, ...sweeps] : undefined,
  ),
  'address-mixed-case': turn('address', mixedCase),
  'offer-of-template': put('sellerOfferId', templateCheckout),
  'seller-is-the-system': put1('sellerId', 'system'),
  'buyer-gone': gone('buyerId'),
  'status-unknown': put1('status', 'done'),
  'balance-as-text': turn('lastBalance', (balance) => `${String(balance)}`),
  'sweeps-null': put1('sweeps', null),
}

export const disputeDirt: Dirtyings = {
  'reason-of-another-vocabulary': put1('reason', 'not_delivered', 'damaged', 'quality'),
  'category-unknown': put1('category', 'fraud'),
  'status-unknown': put1('status', 'under_review'),
  'chat-as-text': asHex('chatId'),
  'chat-of-another-system': put('chatId', foreignUuid),
  'timeline-out-of-order': where(
    ({ timeline }) => Array.isArray(timeline) && timeline.length > 1,
    turn('timeline', (timeline) => [...(timeline as unknown[])].reverse()),
  ),
  'timeline-null': put1('timeline', null),
  'two-open': where(
    ({ status }) => status !== 'resolved',
    twin(['purchaseRequestId'], ({ status }) => status !== 'resolved'),
  ),
  'request-gone': gone('purchaseRequestId'),
  'seller-missing': drop('sellerId'),
}

export const trezorAccountDirt: Dirtyings = {
  'next-index-too-low': where(
    ({ addresses }) => Array.isArray(addresses) && addresses.length > 0,
    put1('nextAddressIndex', new Int32(1)),
  ),
  'address-twice': twin(['addresses'], ({ addresses }) => Array.isArray(addresses) && addresses.length > 0, {
    addresses: (addresses) => (addresses as unknown[]).slice(0, 1),
  }),
  'addresses-null': put1('addresses', null),
  'checksum-case': turn('registrationAddress', mixedCase),
  'user-gone': gone('userId'),
  'second-active': twin(['userId'], () => true),
}
