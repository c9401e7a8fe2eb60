import { sellerOffers as offerMapping } from '../domains/marketplace/offer/legacy/mapping.ts'
import { offerOf as offerOfDocument } from '../domains/marketplace/offer/legacy/repository.mongo.ts'
import { offerOf } from '../domains/marketplace/offer/row.ts'
import { sellerOffers } from '../domains/marketplace/offer/schema.ts'
import { elementsOf } from '../domains/marketplace/request/element-rows.ts'
import { requestOf } from '../domains/marketplace/request/legacy/documents.ts'
import { purchaseRequests as requestMapping } from '../domains/marketplace/request/legacy/mapping.ts'
import { summaryOf } from '../domains/marketplace/request/row.ts'
import * as requestTables from '../domains/marketplace/request/schema.ts'
import { templateOf as templateOfDocument } from '../domains/marketplace/template/legacy/documents.ts'
import { requestTemplates as templateMapping } from '../domains/marketplace/template/legacy/mapping.ts'
import { templateOf } from '../domains/marketplace/template/row.ts'
import { requestTemplateSpecifications, requestTemplates } from '../domains/marketplace/template/schema.ts'
import { derivedDestinations as destinationMapping } from '../domains/payment/destination/legacy/mapping.ts'
import { destinationOf as destinationOfDocument } from '../domains/payment/destination/legacy/repository.mongo.ts'
import { destinationOf } from '../domains/payment/destination/row.ts'
import { derivedDestinationSweeps, derivedDestinations } from '../domains/payment/destination/schema.ts'
import { entryOf } from '../domains/payment/ledger.row.ts'
import { paymentOf as paymentOfDocument } from '../domains/payment/legacy/documents.ts'
import { entryOf as entryOfDocument } from '../domains/payment/legacy/ledger.repository.mongo.ts'
import {
  fundsLedgerEntries as ledgerMapping,
  payments as paymentMapping,
} from '../domains/payment/legacy/mapping.ts'
import { paymentOf } from '../domains/payment/row.ts'
import { fundsLedgerEntries, paymentQuotes, payments } from '../domains/payment/schema.ts'
import { userOf as userOfDocument } from '../domains/user/legacy/documents.ts'
import { users as userMapping } from '../domains/user/legacy/mapping.ts'
import { userOf } from '../domains/user/rows.postgres.ts'
import { users } from '../domains/user/schema.ts'
import { readsAlike } from './testing/reads-alike.ts'
import { selected } from './testing/rows-as-read.ts'

readsAlike(paymentMapping, paymentOfDocument, (rows) => {
  const [row] = selected(rows, payments)
  const [quote] = selected(rows, paymentQuotes)
  return row && paymentOf(row, quote ?? null)
})

readsAlike(destinationMapping, destinationOfDocument, (rows) => {
  const [row] = selected(rows, derivedDestinations)
  return row && destinationOf(row, selected(rows, derivedDestinationSweeps))
})

readsAlike(ledgerMapping, entryOfDocument, (rows) => {
  const [row] = selected(rows, fundsLedgerEntries)
  return row && entryOf(row)
})

readsAlike(offerMapping, offerOfDocument, (rows) => {
  const [row] = selected(rows, sellerOffers)
  return row && offerOf(row)
})

readsAlike(templateMapping, templateOfDocument, (rows) => {
  const [row] = selected(rows, requestTemplates)
  return row && templateOf(row, selected(rows, requestTemplateSpecifications))
})

readsAlike(requestMapping, requestOf, (rows) => {
  const [row] = selected(rows, requestTables.purchaseRequests)
  const elements = elementsOf({
    specifications: selected(rows, requestTables.purchaseRequestSpecifications),
    preferred: selected(rows, requestTables.purchaseRequestPreferredSellers),
    attachments: selected(rows, requestTables.purchaseRequestAttachments),
    tags: selected(rows, requestTables.purchaseRequestTags),
    attempts: selected(rows, requestTables.purchaseRequestDeliveryAttempts),
    history: selected(rows, requestTables.purchaseRequestStatusHistory),
    tracking: selected(rows, requestTables.purchaseRequestTrackingEvents),
  })
  return row && { ...summaryOf(row), ...elements }
})

readsAlike(userMapping, userOfDocument, (rows) => {
  const [row] = selected(rows, users)
  return row && userOf(row)
})
