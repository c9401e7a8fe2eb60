import {
  assertUnit,
  type Engine,
  inlineMirror,
  routeUnit,
  type ShadowReads,
  type UnitStore,
  type UnitWatch,
  unitOf,
} from 'landbridge'
import type { Connection } from 'mongoose'
import { unitUnavailable } from '../platform/errors.ts'
import type { UnitName, Units } from '../units.ts'
import { mongoRepositories } from './mongo-repositories.ts'
import { type MongoUnitContext, mongoUnitStore, type TouchedDocument } from './mongo-unit-store.ts'

export interface RoutedUnitsOptions {
  engine: Engine
  watch: UnitWatch
  shadow: ShadowReads
  connection: Connection
  /** The units as the final program has them. */
  postgres: Units
}

/** The same units as in the final program, each sent to its authority. */
export function routedUnits(options: RoutedUnitsOptions): Units {
  return {
    category: routed(options, 'category', options.postgres.category, mongoRepositories.category),
    shop: routed(options, 'shop', options.postgres.shop, mongoRepositories.shop),
    level: routed(options, 'level', options.postgres.level, mongoRepositories.level),
    config: routed(options, 'config', options.postgres.config, mongoRepositories.config),
    user: routed(options, 'user', options.postgres.user, mongoRepositories.user),
    request: routed(options, 'request', options.postgres.request, mongoRepositories.request),
    payment: routed(options, 'payment', options.postgres.payment, mongoRepositories.payment),
    address: routed(options, 'address', options.postgres.address, mongoRepositories.address),
    review: routed(options, 'review', options.postgres.review, mongoRepositories.review),
    blog: routed(options, 'blog', options.postgres.blog, mongoRepositories.blog),
    dispute: routed(options, 'dispute', options.postgres.dispute, mongoRepositories.dispute),
    notification: routed(
      options,
      'notification',
      options.postgres.notification,
      mongoRepositories.notification,
    ),
    trezor: routed(options, 'trezor', options.postgres.trezor, mongoRepositories.trezor),
    chat: routed(options, 'chat', options.postgres.chat, mongoRepositories.chat),
    telegram: routed(options, 'telegram', options.postgres.telegram, mongoRepositories.telegram),
  }
}

function routed<Repositories extends object>(
  { engine, watch, shadow, connection }: RoutedUnitsOptions,
  unit: UnitName,
  postgres: UnitStore<Repositories>,
  makeRepositories: (context: MongoUnitContext) => Repositories,
): UnitStore<Repositories> {
  const mirror = inlineMirror(engine, watch, unit)
  const mongo = mongoUnitStore(connection, makeRepositories, {
    onCommit: (touched: TouchedDocument[], operationTime) => mirror(touched, operationTime?.toBigInt()),
  })
  return routeUnit({
    engine,
    watch,
    unit,
    mongo,
    postgres,
    shadow,
    onRefused: async (name) => void (await assertUnit(engine, unitOf(engine, name))),
    unavailable: unitUnavailable,
  })
}
