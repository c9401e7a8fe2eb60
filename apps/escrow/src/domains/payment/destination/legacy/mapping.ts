import { defineMapping, money, objectId, reference, rows } from 'landbridge/mapping'
import { sellerOffers } from '../../../marketplace/offer/schema.ts'
import { users } from '../../../user/schema.ts'
import { derivedDestinationSweeps, derivedDestinations as table } from '../schema.ts'

/** `deriveddestinations`, with the sweeps in a table of their own. Base units are text where they are written now. */
export const derivedDestinations = defineMapping({
  unit: 'payment',
  collection: 'deriveddestinations',
  table,
  fields: {
    buyerId: objectId(table.buyerId, { to: () => users, orphan: 'keep' }),
    sellerId: reference(table, 'seller', { to: () => users, orphan: 'keep' }),
    sellerOfferId: reference(table, 'sellerOffer', { to: () => sellerOffers, orphan: 'keep' }),
    lastBalance: money(table.lastBalance, { form: 'text' }),
  },
  children: {
    sweeps: rows(derivedDestinationSweeps, {
      parent: derivedDestinationSweeps.destinationId,
      fields: { amount: money(derivedDestinationSweeps.amount, { form: 'text' }) },
    }),
  },
  uniques: {
    derived_destinations_key: { paths: ['sellerOfferId'], outcome: 'extra' },
    derived_destinations_index_key: { paths: ['derivationIndex'], outcome: 'extra' },
    derived_destinations_address_key: { paths: ['address'], outcome: 'extra' },
  },
})

/** The document that gives out indexes, and the sequence that takes its place. */
export const derivedDestinationCounter = {
  collection: 'counters',
  id: 'derived_destination_index',
  field: 'seq',
  sequence: 'public.derived_destination_index',
  used: { collection: 'deriveddestinations', path: 'derivationIndex' },
}
