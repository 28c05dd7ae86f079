"""The Bot API as data: every method, parameter and type, and a check of calls against them.

`bot_api.json` is PaulSonOfLars/telegram-bot-api-spec without its prose (MIT, see LICENSE).
"""
