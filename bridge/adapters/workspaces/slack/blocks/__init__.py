"""What is drawn in Slack: lines, private answers, cards, and the buttons on them."""
