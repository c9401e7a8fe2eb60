import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'

export interface ConfigSettingDocument {
  _id: Types.ObjectId
  key: string
  value: unknown
  type?: string
  description?: string
  updatedBy?: Types.ObjectId
  createdAt: Date
  updatedAt: Date
}

export interface ConfigSettingHistoryDocument {
  _id: Types.ObjectId
  key: string
  oldValue: unknown
  newValue: unknown
  changedBy?: Types.ObjectId
  reason?: string
  changedAt: Date
  createdAt: Date
  updatedAt: Date
}

export const configSettingSchema = new Schema<ConfigSettingDocument>(
  {
    key: { type: String, required: true, unique: true },
    value: Schema.Types.Mixed,
    type: String,
    description: String,
    updatedBy: { type: Schema.Types.ObjectId, ref: 'User' },
  },
  { timestamps: true, minimize: false },
)

export const configSettingHistorySchema = new Schema<ConfigSettingHistoryDocument>(
  {
    key: { type: String, required: true, index: true },
    oldValue: Schema.Types.Mixed,
    newValue: Schema.Types.Mixed,
    changedBy: { type: Schema.Types.ObjectId, ref: 'User' },
    reason: String,
    changedAt: { type: Date, default: Date.now },
  },
  { timestamps: true, minimize: false },
)

export function configSettingModel(connection: Connection): Model<ConfigSettingDocument> {
  return legacyModel(connection, 'ConfigSetting', configSettingSchema, 'configsettings')
}

export function configSettingHistoryModel(connection: Connection): Model<ConfigSettingHistoryDocument> {
  return legacyModel(connection, 'ConfigSettingHistory', configSettingHistorySchema, 'configsettinghistories')
}
