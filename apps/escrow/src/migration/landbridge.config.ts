import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineLandbridge, type LandbridgeConfig, type Timing } from 'landbridge'
import { addresses } from '../domains/address/legacy/mapping.ts'
import { configSettingHistory, configSettings } from '../domains/admin/legacy/mapping.ts'
import { tempVerifications } from '../domains/auth/legacy/mapping.ts'
import { blogLikes, blogPosts } from '../domains/blog/legacy/mapping.ts'
import { chats } from '../domains/chat/legacy/mapping.ts'
import { disputes } from '../domains/dispute/legacy/mapping.ts'
import { categories } from '../domains/marketplace/category/legacy/mapping.ts'
import { sellerOffers } from '../domains/marketplace/offer/legacy/mapping.ts'
import { purchaseRequests } from '../domains/marketplace/request/legacy/mapping.ts'
import { reviews } from '../domains/marketplace/review/legacy/mapping.ts'
import { shopSettings } from '../domains/marketplace/shop/legacy/mapping.ts'
import { requestTemplates } from '../domains/marketplace/template/legacy/mapping.ts'
import { notifications } from '../domains/notification/legacy/mapping.ts'
import {
  derivedDestinationCounter,
  derivedDestinations,
} from '../domains/payment/destination/legacy/mapping.ts'
import { fundsLedgerEntries, payments } from '../domains/payment/legacy/mapping.ts'
import { pointTransactions } from '../domains/points/legacy/mapping.ts'
import { levelConfigs } from '../domains/points/level/legacy/mapping.ts'
import { telegramLinks, telegramSessions, telegramUpdates } from '../domains/telegram/legacy/mapping.ts'
import { trezorAccounts } from '../domains/trezor/legacy/mapping.ts'
import { users } from '../domains/user/legacy/mapping.ts'
import { findPostgres } from '../platform/postgres-server.ts'
import { effectMappings } from './effects.mapping.ts'
import { findMongo } from './mongo-server.ts'

/** Name of the servers that a running rehearsal keeps, and of its database in both stores. */
export const rehearsalName = 'rehearsal'
export const rehearsalDatabase = 'escrow_rehearsal'

/** A rehearsal runs on a scaled clock: days are seconds. Its report says so. */
const rehearsalTiming: Partial<Timing> = {
  reconcileEveryMs: 3_000,
  verifyGraceMs: 3_000,
  shadowMoneyMs: 4_000,
  shadowContentMs: 2_000,
  // Longer than verifying the largest unit takes: its first collection must still count when the last is done.
  noMismatchMs: 15_000,
  watchMs: 3_000,
}

/** The units of the application and how they move. */
export function configure(options: { rehearsal: boolean; mongoIsStandIn: boolean }): LandbridgeConfig {
  return defineLandbridge({
    build: process.env.BUILD ?? buildOf('escrow'),
    rehearsal: options.rehearsal,
    mongoIsStandIn: options.mongoIsStandIn,
    ...(options.rehearsal ? { timing: rehearsalTiming, shadowSample: 1 } : {}),
    units: [
      { name: 'category', kind: 'content', mappings: [categories, ...effectMappings('category')] },
      { name: 'shop', kind: 'content', mappings: [shopSettings, ...effectMappings('shop')] },
      { name: 'level', kind: 'content', mappings: [levelConfigs, ...effectMappings('level')] },
      {
        name: 'config',
        kind: 'content',
        mappings: [configSettings, configSettingHistory, ...effectMappings('config')],
      },
      {
        name: 'user',
        kind: 'content',
        mappings: [users, pointTransactions, telegramLinks, tempVerifications, ...effectMappings('user')],
      },
      {
        name: 'request',
        kind: 'content',
        mappings: [purchaseRequests, sellerOffers, requestTemplates, ...effectMappings('request')],
      },
      {
        name: 'payment',
        kind: 'money',
        mappings: [payments, fundsLedgerEntries, derivedDestinations, ...effectMappings('payment')],
        counters: [derivedDestinationCounter],
      },
      { name: 'dispute', kind: 'content', mappings: [disputes, ...effectMappings('dispute')] },
      { name: 'address', kind: 'content', mappings: [addresses, ...effectMappings('address')] },
      { name: 'review', kind: 'content', mappings: [reviews, ...effectMappings('review')] },
      { name: 'blog', kind: 'content', mappings: [blogPosts, blogLikes, ...effectMappings('blog')] },
      {
        name: 'notification',
        kind: 'content',
        mappings: [notifications, ...effectMappings('notification')],
      },
      { name: 'trezor', kind: 'content', mappings: [trezorAccounts, ...effectMappings('trezor')] },
      { name: 'chat', kind: 'content', mappings: [chats, ...effectMappings('chat')] },
      {
        name: 'telegram',
        kind: 'content',
        mappings: [telegramSessions, telegramUpdates, ...effectMappings('telegram')],
      },
    ],
  })
}

/** What the command line and the program use: a rehearsal if one runs here and nothing else is asked for. */
export const landbridge: LandbridgeConfig = configure({
  rehearsal: process.env.LANDBRIDGE_REHEARSAL === '1' || usesRehearsal(),
  mongoIsStandIn: process.env.MONGO_IS_STAND_IN === '1',
})

/** Where the command line finds the stores: the environment first, else a rehearsal that runs on this machine. */
export async function connections(): Promise<{
  postgresUrl: string
  mongoUrl: string
  databaseName: string
} | null> {
  const postgres = findPostgres(rehearsalName)
  const mongoUrl = process.env.MONGO_URL ?? findMongo(rehearsalName)
  if (process.env.DATABASE_URL !== undefined || postgres === null || mongoUrl === null) return null
  const postgresUrl = new URL(postgres)
  postgresUrl.pathname = `/${rehearsalDatabase}`
  return { postgresUrl: postgresUrl.toString(), mongoUrl, databaseName: rehearsalDatabase }
}

function usesRehearsal(): boolean {
  return process.env.DATABASE_URL === undefined && findPostgres(rehearsalName) !== null
}

/** Evidence of gates 2 and 8 belongs to one build; without BUILD in the environment the version stands for it. */
function buildOf(name: string): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  return `${name}-${version}-${createHash('sha256').update(manifest).digest('hex').slice(0, 8)}`
}
