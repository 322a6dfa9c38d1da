"""model/symphony_model"""
