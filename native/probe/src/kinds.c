#include "kinds.h"

const struct kind_facts KINDS[NS_KINDS] = {
    [NS_CGROUP] = {"cgroup", 0xEFFFFFFBU, true}, [NS_IPC] = {"ipc", 0xEFFFFFFFU, true},
    [NS_MNT] = {"mnt", 0xEFFFFFF8U, false},      [NS_NET] = {"net", 0xEFFFFFF9U, false},
    [NS_PID] = {"pid", 0xEFFFFFFCU, true},       [NS_TIME] = {"time", 0xEFFFFFFAU, true},
    [NS_USER] = {"user", 0xEFFFFFFDU, true},     [NS_UTS] = {"uts", 0xEFFFFFFEU, true},
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
