import { defineMapping, type Mapping, objectId } from 'landbridge/mapping'
import * as schema from '../platform/effects.schema.ts'
import type { UnitName } from '../units.ts'

const tables = {
  category: { outbox: schema.categoryEffectOutbox, inbox: schema.categoryEffectInbox },
  shop: { outbox: schema.shopEffectOutbox, inbox: schema.shopEffectInbox },
  level: { outbox: schema.levelEffectOutbox, inbox: schema.levelEffectInbox },
  config: { outbox: schema.configEffectOutbox, inbox: schema.configEffectInbox },
  user: { outbox: schema.userEffectOutbox, inbox: schema.userEffectInbox },
  request: { outbox: schema.requestEffectOutbox, inbox: schema.requestEffectInbox },
  payment: { outbox: schema.paymentEffectOutbox, inbox: schema.paymentEffectInbox },
  address: { outbox: schema.addressEffectOutbox, inbox: schema.addressEffectInbox },
  review: { outbox: schema.reviewEffectOutbox, inbox: schema.reviewEffectInbox },
  blog: { outbox: schema.blogEffectOutbox, inbox: schema.blogEffectInbox },
  dispute: { outbox: schema.disputeEffectOutbox, inbox: schema.disputeEffectInbox },
  notification: { outbox: schema.notificationEffectOutbox, inbox: schema.notificationEffectInbox },
  trezor: { outbox: schema.trezorEffectOutbox, inbox: schema.trezorEffectInbox },
  chat: { outbox: schema.chatEffectOutbox, inbox: schema.chatEffectInbox },
  telegram: { outbox: schema.telegramEffectOutbox, inbox: schema.telegramEffectInbox },
} satisfies Record<UnitName, { outbox: schema.OutboxTable; inbox: schema.InboxTable }>

/** A unit's outbox and inbox cross with it, so that nothing has to be delivered before a change of phase. */
export function effectMappings(unit: UnitName): Mapping[] {
  const { outbox, inbox } = tables[unit]
  return [
    defineMapping({ unit, collection: `lb_${unit}_effect_outbox`, table: outbox }),
    defineMapping({
      unit,
      collection: `lb_${unit}_effect_inbox`,
      table: inbox,
      // The sender's outbox may be in the other store, or gone by then.
      fields: { effectId: objectId(inbox.effectId, { orphan: 'keep' }) },
    }),
  ]
}
