import { index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { entityColumns, enumCheck, instant } from '../../platform/columns.ts'

const signUpRoles = ['buyer', 'seller'] as const

export const tempVerifications = pgTable(
  'temp_verifications',
  {
    ...entityColumns(),
    email: text('email'),
    password: text('password'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    role: text('role', { enum: signUpRoles }),
    referralCode: text('referral_code'),
    emailVerificationCode: text('email_verification_code'),
    emailVerificationCodeExpires: instant('email_verification_code_expires'),
    attempts: integer('attempts'),
  },
  (table) => [
    unique('temp_verifications_email_key').on(table.email),
    index('temp_verifications_expires_idx').on(table.emailVerificationCodeExpires),
    enumCheck('temp_verifications', 'role', table.role, signUpRoles),
  ],
)
