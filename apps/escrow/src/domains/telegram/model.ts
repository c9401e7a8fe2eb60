import { z } from 'zod'
import type { EntityId } from '../../platform/ids.ts'

/** An id that Telegram gave: a whole number past 2^31, as text, so that no JSON and no double changes it. */
export type TelegramId = string

const LIMIT = 2n ** 63n

/** The one spelling of a Telegram id; null for what is no whole number of 64 bits. */
export function telegramIdOf(text: string | null): TelegramId | null {
  if (text === null || !/^-?\d{1,30}$/.test(text)) return null
  const number = BigInt(text)
  return number >= -LIMIT && number < LIMIT ? number.toString() : null
}

export const origins = ['legacy', 'app'] as const

/** Which Telegram account belongs to whom. Old ones may lack anything but the id. */
export interface TelegramLink {
  id: EntityId
  telegramUserId: TelegramId | null
  userId: EntityId | null
  username: string | null
  firstName: string | null
  lastName: string | null
  isActive: boolean | null
  lastSeenAt: Date | null
  /** `app` for what was written by the present rules: MongoDB holds only those to be unique. */
  origin: string | null
  createdAt: Date | null
  updatedAt: Date | null
}

export type LinkChanges = Partial<
  Pick<TelegramLink, 'username' | 'firstName' | 'lastName' | 'isActive' | 'lastSeenAt'>
>

/** A launch of the Mini App that the server knows. Old ones may lack anything but the id. */
export interface TelegramSession {
  id: EntityId
  /** The hash, or the plain token of the past. */
  token: string | null
  telegramUserId: TelegramId | null
  /** Whose it is, once they have signed in. */
  userId: EntityId | null
  initDataFingerprint: string | null
  authDate: Date | null
  source: string | null
  expiresAt: Date | null
  isActive: boolean | null
  createdAt: Date | null
  updatedAt: Date | null
}

export const initDataSchema = z.string().min(1).max(8192)

/** What the login widget hands to a page; further members would be signed too, so they are kept. */
export const loginWidgetSchema = z
  .looseObject({
    id: z.number().int().positive(),
    first_name: z.string().max(200).optional(),
    last_name: z.string().max(200).optional(),
    username: z.string().max(200).optional(),
    auth_date: z.number().int().positive(),
    hash: z.string().max(200),
  })
  .refine((widget) => Object.values(widget).every((value) => typeof value !== 'object'), {
    message: 'Send the members as the widget gave them.',
  })

const proof = { initData: initDataSchema.optional(), loginWidget: loginWidgetSchema.optional() }
const hasOneProof = (body: { initData?: unknown; loginWidget?: unknown }) =>
  (body.initData === undefined) !== (body.loginWidget === undefined)
const oneProof = { message: 'Send either initData or loginWidget.' }

export const proofSchema = z.object(proof).refine(hasOneProof, oneProof)
export type Proof = z.output<typeof proofSchema>

/** Who signs in for the first time chooses between these two. */
export const signInSchema = z
  .object({ ...proof, role: z.enum(['buyer', 'seller']).default('buyer') })
  .refine(hasOneProof, oneProof)
export type TelegramSignInInput = z.output<typeof signInSchema>
