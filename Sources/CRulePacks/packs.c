#include "CRulePacks.h"

size_t undertone_rule_pack_count(void) { return 0; }
undertone_rule_pack undertone_rule_pack_at(size_t index) { (void)index; return (undertone_rule_pack){0}; }
