/** The closed vocabularies of offers. */

export const offerCurrencies = ['USD', 'EUR', 'IRR', 'USDT', 'USDC', 'TRY'] as const

export const deliveryTimeUnits = ['hours', 'days', 'weeks'] as const

/** `active` is an old word of the listing flows; it acts as `pending`. */
export const offerStatuses = ['pending', 'active', 'accepted', 'rejected', 'withdrawn'] as const

export type OfferCurrency = (typeof offerCurrencies)[number]
export type DeliveryTimeUnit = (typeof deliveryTimeUnits)[number]
export type OfferStatus = (typeof offerStatuses)[number]
