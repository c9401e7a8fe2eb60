import { z } from 'zod'
import type { EntityId } from '../../platform/ids.ts'

/** A sign-up that waits for its code. Old ones may lack anything but the id. */
export interface TempVerification {
  id: EntityId
  email: string | null
  /** The hash; empty until a password was given. Old ones hold it as it was typed. */
  password: string | null
  firstName: string | null
  lastName: string | null
  role: string | null
  referralCode: string | null
  emailVerificationCode: string | null
  emailVerificationCodeExpires: Date | null
  /** Wrong codes so far. */
  attempts: number | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** After so many wrong codes a new one must be asked for. */
export const MAX_ATTEMPTS = 10

const email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email({ message: 'Send an e-mail address.' }).max(255))
const password = z.string().min(6, 'At least 6 characters.').max(200)
const code = z.string().trim().min(4).max(12)
/** Who signs up chooses between these two; every other role is given by an administrator. */
const signUpRoles = ['buyer', 'seller'] as const

export const registerSchema = z.object({
  email,
  firstName: z.string().trim().min(1).max(100).optional(),
  lastName: z.string().trim().min(1).max(100).optional(),
  role: z.enum(signUpRoles).default('buyer'),
  password: password.optional(),
  referralCode: z.string().trim().max(40).optional(),
})
export type Registration = z.output<typeof registerSchema>

export const verifyCodeSchema = z.object({ email, code, password: password.optional() })
export type CodeVerification = z.output<typeof verifyCodeSchema>

export const emailSchema = z.object({ email })
export const loginSchema = z.object({ email, password: z.string().min(1).max(200) })
export const refreshSchema = z.object({ refreshToken: z.string().min(1).max(2000) })

export type Login = z.output<typeof loginSchema>

export interface Tokens {
  accessToken: string
  refreshToken: string
  /** Seconds that the access token lives. */
  expiresIn: number
}
