import { z } from 'zod'
import { publicId } from '../../platform/ids.ts'
import { referenceText } from '../../platform/reference.ts'
import type { Payment, Volume } from './model.ts'
import type { PayoutInstruction } from './payouts.ts'

const text = z.string().nullable()
const time = z.iso.datetime().nullable()

/** A payment as its parties see it. Money is text, always. */
export const paymentView = z.object({
  id: z.string(),
  purchaseRequestId: text,
  sellerOfferId: text,
  buyerId: text,
  sellerId: text,
  amount: z.object({ amount: text, currency: text }),
  provider: text,
  direction: text,
  status: text,
  escrowState: text,
  disputed: z.boolean(),
  blockchain: z.object({
    chainId: z.number().nullable(),
    token: text,
    tokenDecimals: z.number().nullable(),
    transactionHash: text,
    logIndex: z.number().nullable(),
    blockNumber: text,
    confirmations: z.number().nullable(),
  }),
  receivedAmount: text,
  matching: text,
  expiresAt: time,
  confirmedAt: time,
  createdAt: time,
  updatedAt: time,
})

export function paymentViewOf(payment: Payment): z.output<typeof paymentView> {
  const { purchaseRequest, sellerOffer, seller, chain } = payment
  return {
    id: publicId(payment.id),
    purchaseRequestId: purchaseRequest === null ? null : referenceText(purchaseRequest),
    sellerOfferId: sellerOffer === null ? null : referenceText(sellerOffer),
    buyerId: payment.buyerId === null ? null : publicId(payment.buyerId),
    sellerId: seller === null ? null : referenceText(seller),
    amount: { amount: payment.amount, currency: payment.currency },
    provider: payment.provider,
    direction: payment.direction,
    status: payment.status,
    escrowState: payment.escrowState,
    disputed: payment.disputed ?? false,
    blockchain: {
      chainId: chain.chainId,
      token: chain.token,
      tokenDecimals: chain.tokenDecimals,
      transactionHash: chain.transactionHash,
      logIndex: chain.logIndex,
      blockNumber: chain.blockNumber,
      confirmations: chain.confirmations,
    },
    receivedAmount: payment.receivedAmount,
    matching: payment.matching,
    expiresAt: payment.expiresAt?.toISOString() ?? null,
    confirmedAt: payment.confirmedAt?.toISOString() ?? null,
    createdAt: payment.createdAt?.toISOString() ?? null,
    updatedAt: payment.updatedAt?.toISOString() ?? null,
  }
}

export const instructionView = z.object({
  payment: paymentView,
  instruction: z.object({
    direction: z.enum(['release', 'refund']),
    recipientId: text,
    amount: z.string(),
    fee: z.string(),
    currency: z.string(),
    chainId: z.number().nullable(),
    token: text,
  }),
})

export function instructionViewOf(instruction: PayoutInstruction): z.output<typeof instructionView> {
  const { payment, recipient } = instruction
  return {
    payment: paymentViewOf(payment),
    instruction: {
      direction: instruction.direction,
      recipientId: recipient === null ? null : publicId(recipient),
      amount: instruction.amount,
      fee: instruction.fee,
      currency: instruction.currency,
      chainId: payment.chain.chainId,
      token: payment.chain.token,
    },
  }
}

export const volumeView = z.object({ status: text, currency: text, count: z.number(), amount: z.string() })

export function volumeViewOf({ status, currency, count, amount }: Volume): z.output<typeof volumeView> {
  return { status, currency, count, amount }
}
