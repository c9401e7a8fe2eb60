import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface RefreshTokenDocument {
  tokenHash: string
  family?: string
  usedAt?: Date
  expiresAt?: Date
  userAgent?: string
}

export interface UserDocument {
  _id: Types.ObjectId
  email?: string
  password?: string
  firstName: string
  lastName: string
  role: string
  isEmailVerified: boolean
  authProvider: string
  telegramVerified?: boolean
  status: string
  referralCode?: string
  referredBy?: Types.ObjectId
  points: { total: number; available: number; used: number; level: number }
  referralStats: { totalReferrals: number; activeReferrals: number; totalEarned: number }
  profile?: {
    avatar?: string
    phone?: string
    bio?: string
    website?: string
    isPublic?: boolean
    walletProofVerified?: boolean
    walletProofTimestamp?: Date
  }
  preferences?: {
    language?: string
    currency?: string
    notifications?: { email?: boolean; sms?: boolean; push?: boolean; telegram?: boolean }
  }
  walletAddress?: string
  walletChainId?: number
  emailVerificationToken?: string
  emailVerificationCode?: string
  emailVerificationCodeExpires?: Date
  passwordResetToken?: string
  passwordResetExpires?: Date
  passwordResetCode?: string
  passwordResetCodeExpires?: Date
  passkeys: { credentialId: string; publicKey: string; counter: number; transports: string[] }[]
  /** Plain strings in old documents. */
  refreshTokens: (RefreshTokenDocument | string)[]
  lastLoginAt?: Date
  failedLogins?: number
  createdAt: Date
  updatedAt: Date
}

const passkeySchema = new Schema(
  { credentialId: String, publicKey: String, counter: Number, transports: [String] },
  { _id: false },
)

export const userSchema = new Schema<UserDocument>(
  {
    email: { type: String, lowercase: true, trim: true },
    password: { type: String, minlength: 6 },
    firstName: { type: String, default: 'کاربر' },
    lastName: { type: String, default: 'جدید' },
    role: {
      type: String,
      enum: ['admin', 'buyer', 'seller', 'resolver', 'guard'],
      default: 'buyer',
      required: true,
      index: true,
    },
    isEmailVerified: { type: Boolean, default: false },
    authProvider: { type: String, enum: ['email', 'google', 'telegram'], default: 'email' },
    telegramVerified: Boolean,
    status: { type: String, enum: ['active', 'suspended', 'deleted'], default: 'active' },
    referralCode: String,
    referredBy: { type: Schema.Types.ObjectId, ref: 'User' },
    points: {
      total: { type: Number, default: 0 },
      available: { type: Number, default: 0 },
      used: { type: Number, default: 0 },
      level: { type: Number, default: 0 },
    },
    referralStats: {
      totalReferrals: { type: Number, default: 0 },
      activeReferrals: { type: Number, default: 0 },
      totalEarned: { type: Number, default: 0 },
    },
    profile: {
      avatar: String,
      phone: String,
      bio: String,
      website: String,
      isPublic: Boolean,
      walletProofVerified: Boolean,
      walletProofTimestamp: Date,
    },
    preferences: {
      language: { type: String, enum: ['en', 'fa', 'ar'] },
      currency: { type: String, enum: ['USD', 'EUR', 'IRR', 'AED'] },
      notifications: { email: Boolean, sms: Boolean, push: Boolean, telegram: Boolean },
    },
    walletAddress: String,
    walletChainId: Number,
    emailVerificationToken: String,
    emailVerificationCode: String,
    emailVerificationCodeExpires: Date,
    passwordResetToken: String,
    passwordResetExpires: Date,
    passwordResetCode: String,
    passwordResetCodeExpires: Date,
    passkeys: { type: [passkeySchema], default: [] },
    refreshTokens: { type: [Schema.Types.Mixed], default: [] },
    lastLoginAt: Date,
    failedLogins: Number,
  },
  { timestamps: true },
)
userSchema.index({ email: 1 }, { unique: true, sparse: true })
userSchema.index({ referralCode: 1 }, { unique: true, sparse: true })
userSchema.index({ referredBy: 1 })
userSchema.index({ 'refreshTokens.tokenHash': 1 })
userSchema.index({ refreshTokens: 1 })

export function userModel(connection: Connection): Model<UserDocument> {
  return legacyModel(connection, 'User', userSchema, 'users')
}
