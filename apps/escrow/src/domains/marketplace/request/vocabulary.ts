/** The closed vocabularies of purchase requests. Old data knows more words than these; they are kept in `extra`. */

export const productTypes = ['physical_product', 'digital_product', 'service', 'consultation'] as const

export const budgetCurrencies = ['USD', 'EUR', 'IRR', 'USDT', 'USDC'] as const

export const urgencies = ['low', 'medium', 'high', 'urgent'] as const

export const deliveryTypes = ['physical', 'online'] as const

export const requestStatuses = [
  'pending_payment',
  'pending',
  'active',
  'received_offers',
  'in_negotiation',
  'payment',
  'processing',
  'delivery',
  'delivered',
  'confirming',
  'completed',
  'seller_paid',
  'cancelled',
] as const

export type ProductType = (typeof productTypes)[number]
export type BudgetCurrency = (typeof budgetCurrencies)[number]
export type Urgency = (typeof urgencies)[number]
export type DeliveryType = (typeof deliveryTypes)[number]
export type RequestStatus = (typeof requestStatuses)[number]
