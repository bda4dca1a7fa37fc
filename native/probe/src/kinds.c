#include "kinds.h"

/* A row each. */
// clang-format off
const struct kind_facts KINDS[NS_KINDS] = {
    [NS_CGROUP] = {"cgroup", 0xEFFFFFFBU, true, 0x02000000},
    [NS_IPC] = {"ipc", 0xEFFFFFFFU, true, 0x08000000},
    [NS_MNT] = {"mnt", 0xEFFFFFF8U, false, 0x00020000},
    [NS_NET] = {"net", 0xEFFFFFF9U, false, 0x40000000},
    [NS_PID] = {"pid", 0xEFFFFFFCU, true, 0x20000000},
    [NS_TIME] = {"time", 0xEFFFFFFAU, true, 0x00000080},
    [NS_USER] = {"user", 0xEFFFFFFDU, true, 0x10000000},
    [NS_UTS] = {"uts", 0xEFFFFFFEU, true, 0x04000000},
};

const struct link_facts LINKS[NS_LINKS] = {
    [LINK_CGROUP] = {"cgroup", NS_CGROUP},
    [LINK_IPC] = {"ipc", NS_IPC},
    [LINK_MNT] = {"mnt", NS_MNT},
    [LINK_NET] = {"net", NS_NET},
    [LINK_PID] = {"pid", NS_PID},
    [LINK_PID_FOR_CHILDREN] = {"pid_for_children", NS_PID},
    [LINK_TIME] = {"time", NS_TIME},
    [LINK_TIME_FOR_CHILDREN] = {"time_for_children", NS_TIME},
    [LINK_USER] = {"user", NS_USER},
    [LINK_UTS] = {"uts", NS_UTS},
};
